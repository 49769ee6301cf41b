"""Who acts: the identity that the policies judge and that row-level security sees."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from dfworx.core.errors import Forbidden, NotFound, Unauthenticated
from dfworx.core.permissions import Role, Scope, ServerRole, ServerVerb, Verb, allows, allows_on_server


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, or the system, in at most one organization; the default is nobody."""

    user_id: UUID | None = None
    session_id: UUID | None = None
    name: str = ""
    organization_id: UUID | None = None
    membership_id: UUID | None = None
    role: Role | None = None
    server_role: ServerRole | None = None
    token_id: UUID | None = None  # of the personal access token that was shown in place of a session
    scope: Scope | None = None  # of that token; none: all that the person may
    is_bound: bool = False  # that token is good for one organization alone

    @property
    def is_person(self) -> bool:
        """Whether somebody is signed in."""
        return self.user_id is not None

    @property
    def organization(self) -> UUID:
        """The organization acted in; a stranger to it is told that it does not exist."""
        if self.organization_id is None or self.role is None:
            raise NotFound if self.is_person else Unauthenticated
        return self.organization_id

    @property
    def membership(self) -> UUID:
        """The membership that signs what is written; the system has none."""
        if self.membership_id is None:
            raise NotFound if self.is_person else Unauthenticated
        return self.membership_id

    @property
    def person(self) -> UUID:
        """The user who is signed in."""
        if self.user_id is None:
            raise Unauthenticated
        return self.user_id

    def may(self, verb: Verb | ServerVerb) -> bool:
        """Whether the table allows it: that of the organization, or that of the server."""
        if isinstance(verb, ServerVerb):
            return allows_on_server(self.server_role, verb)
        return allows(self.role, verb)

    def must(self, rule: Verb | Callable[..., bool], *about: object) -> None:
        """Refuse unless the table, or a policy about an object, allows it."""
        _ = self.organization
        allowed = self.may(rule) if isinstance(rule, Verb) else rule(self, *about)
        if not allowed:
            raise Forbidden

    def must_on_server(self, verb: ServerVerb) -> None:
        """Refuse unless the server's table allows it."""
        if self.server_role is not ServerRole.SERVER:
            _ = self.person
        if not self.may(verb):
            raise Forbidden

    @classmethod
    def server(cls) -> "Actor":
        """The server itself, over all organizations: the command line, when nobody can sign in."""
        return cls(name="server", server_role=ServerRole.SERVER)

    @classmethod
    def system(cls, organization_id: UUID) -> "Actor":
        """The server itself, inside one organization: workers, the command line, imports."""
        return cls(name="system", organization_id=organization_id, role=Role.SYSTEM)


NOBODY = Actor()


@dataclass(frozen=True, slots=True)
class Device:
    """Where a request comes from, for the list of sessions and for rate limits."""

    address: str = ""
    user_agent: str = ""
