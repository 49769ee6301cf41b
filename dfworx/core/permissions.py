"""Who may do what: the whole role x verb table. Rules that depend on the object stand in a slice's policies."""

from enum import StrEnum


class Role(StrEnum):
    """A member's role in an organization, strongest first."""

    OWNER = "owner"
    ADMIN = "admin"
    MODERATOR = "moderator"
    MEMBER = "member"
    GUEST = "guest"
    SYSTEM = "system"  # workers, the command line, imports: acts inside one organization, is nobody's membership


class Scope(StrEnum):
    """What a personal access token may do at most, whoever it belongs to; each includes those before it."""

    READ = "read"  # look
    WRITE = "write"  # and change what is talked about
    ADMIN = "admin"  # and what owners and admins may


class Verb(StrEnum):
    """What a role can be allowed to do in an organization."""

    READ = "read what it can see"
    POST_MESSAGE = "post messages"
    EDIT_OWN_MESSAGE = "edit its own messages"
    DELETE_OWN_MESSAGE = "delete its own messages"
    DELETE_ANY_MESSAGE = "delete anybody's messages"
    OPEN_THREAD = "open threads"
    EDIT_OWN_THREAD = "rename its own threads"
    EDIT_ANY_THREAD = "rename anybody's threads"
    RESOLVE_THREAD = "resolve and reopen threads"
    MOVE_OWN_THREAD = "move its own threads to another channel"
    MOVE_ANY_THREAD = "move anybody's threads to another channel"
    DRAFT_DECISION = "draft decisions and write drafts of others"
    TAKE_POSITION = "say where it stands, raise concerns and discuss them"
    DECIDE_ANY = "propose, withdraw, reject, deprecate and supersede anybody's decisions, resolve their concerns"
    CLOSE_COMMENT = "accept what has had its final comment"
    MANAGE_TEMPLATES = "edit the templates by which is decided"
    CREATE_CHANNEL = "create channels"
    EDIT_CHANNEL = "rename and describe channels"
    ARCHIVE_CHANNEL = "archive and restore channels"
    MANAGE_CHANNEL_MEMBERS = "add people to channels and remove them"
    MANAGE_TAGS = "create, change and delete tags"
    TAG = "put tags on what it can see, and take them off"
    LIST_MEMBERS = "see who is a member"
    SEE_PRESENCE = "see who is online"
    CLAIM_AUTHOR = "say that an imported author was oneself"
    DECIDE_CLAIM = "say which member an imported author was"
    LIST_INVITATIONS = "see invitations"
    INVITE = "invite people and revoke invitations"
    CHANGE_ROLE = "change the roles of others"
    REMOVE_MEMBER = "remove members"
    ISSUE_RESET_LINK = "make a link with which a member takes another password"
    GRANT_OWNERSHIP = "make owners and unmake them"
    RENAME_ORGANIZATION = "rename the organization"
    READ_AUDIT = "read who did what"
    ADMINISTER = "see the admin pages of the organization"
    END_SESSIONS = "see where members are signed in, and sign them out"
    IMPORT = "import archives"


_OWNER = frozenset({Role.OWNER, Role.SYSTEM})
_ADMIN = _OWNER | {Role.ADMIN}
_MODERATOR = _ADMIN | {Role.MODERATOR}
_MEMBER = _MODERATOR | {Role.MEMBER}
_GUEST = _MEMBER | {Role.GUEST}

TABLE: dict[Verb, frozenset[Role]] = {
    Verb.READ: _GUEST,
    Verb.POST_MESSAGE: _GUEST,
    Verb.EDIT_OWN_MESSAGE: _GUEST,
    Verb.DELETE_OWN_MESSAGE: _GUEST,
    Verb.DELETE_ANY_MESSAGE: _MODERATOR,
    Verb.OPEN_THREAD: _GUEST,
    Verb.EDIT_OWN_THREAD: _GUEST,
    Verb.EDIT_ANY_THREAD: _MODERATOR,
    Verb.RESOLVE_THREAD: _MEMBER,
    Verb.MOVE_OWN_THREAD: _MEMBER,
    Verb.MOVE_ANY_THREAD: _MODERATOR,
    Verb.DRAFT_DECISION: _MEMBER,
    Verb.TAKE_POSITION: _GUEST,
    Verb.DECIDE_ANY: _MODERATOR,
    Verb.CLOSE_COMMENT: frozenset({Role.SYSTEM}),
    Verb.MANAGE_TEMPLATES: _ADMIN,
    Verb.CREATE_CHANNEL: _MEMBER,
    Verb.EDIT_CHANNEL: _MODERATOR,
    Verb.ARCHIVE_CHANNEL: _MODERATOR,
    Verb.MANAGE_CHANNEL_MEMBERS: _MODERATOR,
    Verb.MANAGE_TAGS: _MODERATOR,
    Verb.TAG: _MEMBER,
    Verb.LIST_MEMBERS: _GUEST,
    Verb.SEE_PRESENCE: _MEMBER,
    Verb.CLAIM_AUTHOR: _MEMBER,
    Verb.DECIDE_CLAIM: _ADMIN,
    Verb.LIST_INVITATIONS: _ADMIN,
    Verb.INVITE: _ADMIN,
    Verb.CHANGE_ROLE: _ADMIN,
    Verb.REMOVE_MEMBER: _ADMIN,
    Verb.ISSUE_RESET_LINK: _ADMIN,
    Verb.GRANT_OWNERSHIP: _OWNER,
    Verb.RENAME_ORGANIZATION: _ADMIN,
    Verb.READ_AUDIT: _ADMIN,
    Verb.ADMINISTER: _ADMIN,
    Verb.END_SESSIONS: _ADMIN,
    Verb.IMPORT: _ADMIN,
}


class ServerRole(StrEnum):
    """What somebody is on the server as a whole, beside their roles in organizations."""

    ADMIN = "server admin"
    SERVER = "server"  # the command line, when nobody can sign in


class ServerVerb(StrEnum):
    """What can be allowed across all organizations; never to read what people wrote."""

    ADMINISTER = "see the admin pages of the server"
    SEE_PEOPLE = "see everybody who has an account"
    DEACTIVATE = "deactivate people and let them in again"
    END_SESSIONS = "see where people are signed in, and sign them out"
    ISSUE_RESET_LINK = "make a link with which somebody takes another password"
    GRANT_SERVER_ADMIN = "make server admins and unmake them"
    CHANGE_ROLE = "change the roles of members of any organization"
    SEE_ORGANIZATIONS = "see every organization"
    RENAME_ORGANIZATION = "rename any organization"
    MANAGE_INVITATIONS = "see every invitation and revoke it"
    EXPLAIN = "ask why a member may do something or not"
    READ_AUDIT = "read who did what in any organization"
    MANAGE_JOBS = "see jobs and the outbox, retry and discard"
    CHANGE_SETTINGS = "change settings while the server runs"
    SEE_HEALTH = "see the figures and the health of the server"


_SERVER = frozenset(ServerRole)

SERVER_TABLE: dict[ServerVerb, frozenset[ServerRole]] = {
    ServerVerb.ADMINISTER: _SERVER,
    ServerVerb.SEE_PEOPLE: _SERVER,
    ServerVerb.DEACTIVATE: _SERVER,
    ServerVerb.END_SESSIONS: _SERVER,
    ServerVerb.ISSUE_RESET_LINK: _SERVER,
    ServerVerb.GRANT_SERVER_ADMIN: _SERVER,
    ServerVerb.CHANGE_ROLE: _SERVER,
    ServerVerb.SEE_ORGANIZATIONS: _SERVER,
    ServerVerb.RENAME_ORGANIZATION: _SERVER,
    ServerVerb.MANAGE_INVITATIONS: _SERVER,
    ServerVerb.EXPLAIN: _SERVER,
    ServerVerb.READ_AUDIT: _SERVER,
    ServerVerb.MANAGE_JOBS: _SERVER,
    ServerVerb.CHANGE_SETTINGS: _SERVER,
    ServerVerb.SEE_HEALTH: _SERVER,
}


def allows(role: Role | None, verb: Verb) -> bool:
    """Whether the table grants `verb` to `role`; no role, no verb."""
    return role is not None and role in TABLE[verb]


def allows_on_server(role: ServerRole | None, verb: ServerVerb) -> bool:
    """Whether the server's table grants `verb` to `role`."""
    return role is not None and role in SERVER_TABLE[verb]
