"""What the person sees of tokens: those made for scripts, and a new one's secret for as long as it is shown."""

from datetime import datetime
from typing import Any
from uuid import UUID

import reflex as rx
from pydantic import ValidationError

from dfworx.accounts import service_tokens as tokens
from dfworx.accounts.validators_tokens import NewToken
from dfworx.accounts.views_tokens import TokenView
from dfworx.core.errors import Refusal
from dfworx.core.permissions import Scope
from dfworx.ui import times
from dfworx.ui.doors import acting, action
from dfworx.ui.effects import toast
from dfworx.ui.forms import said, typed

MAY = {Scope.READ: "reads", Scope.WRITE: "reads and writes", Scope.ADMIN: "does all that you may"}


class ScriptTokens(rx.State):
    """The own tokens for scripts."""

    tokens: list[dict[str, str]] = []
    homes: list[dict[str, str]] = []
    is_making: bool = False
    secret: str = ""  # of the token just made; forgotten when its dialog closes or the page opens anew
    problem: str = ""
    ending: str = ""
    ending_name: str = ""

    @action("person")
    async def load(self) -> None:
        """Show what there is; no secret."""
        self._put_away()
        async with acting(self) as tx:
            found, homes = await tokens.mine(tx), await tokens.homes(tx)
        names = dict(homes)
        self.homes = [{"slug": slug, "name": name} for slug, name in homes]
        self.tokens = [_shown(token, names, tx.now) for token in found]

    @action("person")
    async def ask(self) -> None:
        """Open the dialog for a new token."""
        self._put_away()
        self.is_making = True

    @action("person")
    async def create(self, form: dict[str, Any]) -> None:
        """Make a token and show its secret, this once."""
        try:
            new = typed(NewToken, {**form, "organization": form.get("organization") or None})
            async with acting(self) as tx:
                token = await tokens.create(tx, new)
        except (ValidationError, Refusal) as error:
            self.problem = said(error)
            return
        names = {home["slug"]: home["name"] for home in self.homes}
        self.tokens = [_shown(token, names, tx.now), *self.tokens]
        self.secret, self.problem = token.token, ""

    @action("person")
    async def ask_revoke(self, token_id: str, name: str) -> None:
        """Ask before a script is locked out."""
        self._put_away()
        self.ending, self.ending_name = str(token_id), str(name)

    @action("person")
    async def revoke(self, _form: dict[str, Any]) -> Any:
        """End the token that was asked about."""
        async with acting(self) as tx:
            await tokens.revoke(tx, UUID(self.ending))
        self.tokens = [token for token in self.tokens if token["id"] != self.ending]
        self._put_away()
        return toast("The token works no more.")

    @action("person")
    async def close(self) -> None:
        """Put the dialog away, and forget the secret."""
        self._put_away()

    @action("person")
    async def set_open(self, is_open: bool) -> None:
        """The dialog closed itself."""
        if not is_open:
            self._put_away()

    def _put_away(self) -> None:
        self.is_making, self.secret, self.problem, self.ending, self.ending_name = False, "", "", "", ""


def _shown(token: TokenView, names: dict[str, str], now: datetime) -> dict[str, str]:
    bound, used = token.organization, token.last_used_at
    return {
        "id": str(token.id),
        "name": token.name,
        "scope": token.scope,
        "may": MAY[token.scope],
        "where": names.get(bound, "an organization that you have left") if bound else "all your organizations",
        "used": f"last used {times.ago(used, now)}" if used else "never used",
        "used_full": times.full(used) if used else f"made on {times.full(token.created_at)}",
        "ends": f"ends {times.ahead(token.expires_at, now)}",
        "ends_full": times.full(token.expires_at),
        "is_over": "yes" if token.expires_at <= now else "",
    }
