"""People over REST, and the browser's native forms."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.responses import RedirectResponse

from dfworx.accounts import service as accounts
from dfworx.accounts.errors import BadCredentials, WrongPassword
from dfworx.accounts.validators import (
    AccountChange,
    DigestChange,
    EmailAddress,
    LinkToken,
    PasswordChange,
    PasswordReset,
    PresenceChange,
    SignIn,
)
from dfworx.accounts.views import AccountView, SessionView, SignedIn
from dfworx.core.actor import Actor, Device
from dfworx.infra.settings import settings
from dfworx.web import identity, limits
from dfworx.web.forms import Next, posted, see
from dfworx.web.identity import From
from dfworx.web.transactions import Anybody, AnyTx, InSession, PersonTx, SessionTx

router = APIRouter(tags=["account"])
forms = APIRouter(prefix="/auth", include_in_schema=False)


@router.get("/account")
async def get_account(tx: PersonTx) -> AccountView:
    """Your account."""
    return await accounts.get(tx)


@router.patch("/account")
async def change_account(change: AccountChange, tx: SessionTx) -> AccountView:
    """Show another name."""
    return await accounts.rename(tx, change)


@router.put("/account/presence")
async def show_presence(change: PresenceChange, tx: PersonTx) -> AccountView:
    """Let others see that you are online, or hide it."""
    return await accounts.show_presence(tx, change)


@router.put("/account/digest")
async def choose_digest(change: DigestChange, tx: PersonTx) -> AccountView:
    """Be mailed on Mondays what waits for you, or not."""
    return await accounts.choose_digest(tx, change)


@router.put("/account/password", status_code=204)
async def change_password(change: PasswordChange, person: InSession, device: From) -> None:
    """Take another password; your other sessions end."""
    await _change_password(change, person, device)


@router.post("/account/verification", status_code=202)
async def ask_verification(tx: SessionTx) -> None:
    """Have the link mailed once more that shows whose the address is."""
    await accounts.ask_verification(tx)


@router.post("/auth/verifications", status_code=204)
async def verify_email(_: Anybody, link: LinkToken) -> None:
    """Take a mailed link as the proof that the address is its person's."""
    await accounts.verify_email(link.token)


@router.post("/auth/password-resets", status_code=202)
async def ask_reset(_: Anybody, device: From, form: EmailAddress) -> None:
    """Have a link mailed with which to take another password; the answer is the same for every address."""
    await _ask_reset(form, device)


@router.put("/auth/password-resets", status_code=204)
async def reset_password(_: Anybody, reset: PasswordReset) -> None:
    """Take another password by a mailed link; every session ends."""
    await accounts.reset_password(reset)


@router.post("/auth/sessions", status_code=201)
async def sign_in(form: SignIn, _: Anybody, device: From, response: Response) -> AccountView:
    """Sign in: the answer carries the session's cookie."""
    session = await _sign_in(form, device)
    identity.remember(response, session)
    return session.account


@router.get("/auth/sessions")
async def list_sessions(tx: SessionTx) -> list[SessionView]:
    """Where you are signed in."""
    return await accounts.sessions(tx)


@router.delete("/auth/sessions", status_code=204)
async def sign_out_everywhere(tx: SessionTx, response: Response) -> None:
    """Sign out everywhere."""
    await accounts.sign_out_everywhere(tx)
    identity.forget(response)


@router.delete("/auth/sessions/current", status_code=204)
async def sign_out(tx: SessionTx, response: Response) -> None:
    """Sign out here."""
    await accounts.sign_out(tx)
    identity.forget(response)


@router.delete("/auth/sessions/{session_id}", status_code=204)
async def revoke_session(session_id: UUID, tx: SessionTx) -> None:
    """End one of your sessions."""
    await accounts.revoke_session(tx, session_id)


@forms.post("/sign-in")
async def post_sign_in(
    _: Anybody, device: From, page: Next, form: Annotated[SignIn, posted(SignIn)]
) -> RedirectResponse:
    """Sign in and go on."""
    answer = see(page or "/")
    identity.remember(answer, await _sign_in(form, device))
    return answer


@forms.post("/sign-out")
async def post_sign_out(tx: AnyTx) -> RedirectResponse:
    """Sign out here; a session that has ended already is no mistake."""
    await accounts.sign_out(tx)
    answer = see("/sign-in")
    identity.forget(answer)
    return answer


@forms.post("/password")
async def post_password(
    person: InSession, device: From, page: Next, change: Annotated[PasswordChange, posted(PasswordChange)]
) -> RedirectResponse:
    """Take another password and go on."""
    await _change_password(change, person, device)
    return see(page or "/account")


@forms.post("/forgot-password")
async def post_forgot_password(
    _: Anybody, device: From, form: Annotated[EmailAddress, posted(EmailAddress)]
) -> RedirectResponse:
    """Have a link mailed and say so."""
    await _ask_reset(form, device)
    return see("/forgot-password?sent=1")


@forms.post("/reset-password")
async def post_reset_password(_: Anybody, reset: Annotated[PasswordReset, posted(PasswordReset)]) -> RedirectResponse:
    """Take another password by a link and go on to sign in."""
    await accounts.reset_password(reset)
    return see("/sign-in?changed=password")


async def _ask_reset(form: EmailAddress, device: Device) -> None:
    await limits.spend(settings().rate_register_address, "password resets from", device.address)
    await limits.spend(settings().rate_sign_in_account, "password resets of", form.email)
    await accounts.ask_reset(form.email)


async def _sign_in(form: SignIn, device: Device) -> SignedIn:
    async with limits.guessing(form.email, device.address, BadCredentials):
        return await accounts.sign_in(form, device)


async def _change_password(change: PasswordChange, person: Actor, device: Device) -> None:
    async with limits.guessing(str(person.person), device.address, WrongPassword):
        await accounts.change_password(person, change)
