"""Who may do what, as a page: docs/permissions.md is written from the code that decides it."""

import importlib
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path

from dfworx.core.permissions import Role, ServerRole, ServerVerb, Verb, allows, allows_on_server

PACKAGE = Path(__file__).parents[1]

# Functions of the database that act as the schema's owner: what each tells or does, and whom it serves.
FUNCTIONS = {
    "my_organization_ids": ("everybody", "the organizations of the caller; the system's one"),
    "my_organization_ids_ever": ("everybody", "the same with those that the caller has left: leaving is audited too"),
    "my_organization_ids_as": ("everybody", "where the caller holds one of some roles"),
    "my_membership_ids": ("everybody", "the memberships of the caller"),
    "my_author_ids": ("everybody", "those, and the imported authors that the caller is"),
    "my_role": ("everybody", "the role of the caller in one organization"),
    "my_place_ids": ("everybody", "the channels that the caller can see"),
    "migration": ("everybody", "the migration that the database is at, for the health check"),
    "has_accounts": ("everybody", "whether there is an account at all, for the first run"),
    "credential": ("everybody", "the password hash of an address, to compare it in the server; sign-in"),
    "session_identity": ("everybody", "who a session belongs to, and their role in the organization of the address"),
    "refresh_session": ("everybody", "spends a refresh token for the next; one spent before ends its session"),
    "refresh_family": ("everybody", "whose session a refresh token belongs to, to end it"),
    "token_identity": ("everybody", "who a personal access token belongs to, its scope, and their role"),
    "register_user": ("everybody", "stores an account; the service asks for an invitation before"),
    "invitation": ("everybody", "where a valid invitation leads, by the hash of its secret"),
    "verify_email": ("everybody", "takes a mailed link, once, as the proof of an address"),
    "reset_password": ("everybody", "takes a mailed link, once, for another password; every session ends"),
    "keep_reset_link": ("people", "makes such a link for a member; owners, and admins for all but owners"),
    "use_link": ("nobody", "what the two above share: a link works once, until it ends"),
    "my_password_hash": ("people", "the caller's own hash, to compare it"),
    "change_my_password": ("people", "replaces the caller's own hash"),
    "create_organization": ("people", "founds an organization with the caller as its owner"),
    "accept_invitation": ("people", "makes the caller a member, once for each use of a valid invitation"),
    "claim_author": ("people", "says that an imported author was the caller, until an administrator decides; or not"),
    "member_emails": ("people", "the members' addresses; empty unless the caller is an owner or admin there"),
    "active_members": ("people", "which of some members of the caller's organizations are there and can sign in"),
    "remove_demo": ("people", "removes the demo of a new organization; nothing else; owners and admins"),
    "similar_decisions": ("people", "the ids of decisions that the caller can see, nearest to some words"),
    "find_threads": ("people", "the ids of threads that the caller can see, by words of their titles"),
    "am_server_admin": ("everybody", "whether the caller looks after the server as a whole, or is its command line"),
    "admin_must": ("nobody", "ends a call unless a server admin asks, or an owner or admin about their organization"),
    "admin_people": (
        "people",
        "everybody with an account, for server admins; an organization's people, for its own",
    ),
    "admin_attention": (
        "people",
        "how many imports failed, how many addresses stay unconfirmed; for administrators, no names of people",
    ),
    "admin_reaches": (
        "people",
        "whether the caller may act on an account: administrators of all its organizations, but on no server admin's",
    ),
    "admin_keep_reset_link": ("people", "makes a link for another password; server admins"),
    "admin_keep_one": ("nobody", "the server keeps an admin who can sign in, whatever two of them do at once"),
    "admin_set_active": (
        "people",
        "lets somebody in no more and ends their sessions, or lets them in again",
    ),
    "admin_set_server_admin": ("people", "makes a server admin or unmakes one; server admins"),
    "admin_sessions": (
        "people",
        "where people are signed in, as far as the caller reaches them",
    ),
    "admin_end_sessions": ("people", "ends such sessions; the same"),
    "admin_tokens": (
        "people",
        "personal access tokens of people whom the caller reaches, or bound to the organization",
    ),
    "admin_end_token": ("people", "ends such a token; the same"),
    "admin_organizations": ("people", "every organization with its owners, in numbers; server admins"),
    "admin_rename_organization": ("people", "gives an organization another name; server admins"),
    "admin_set_role": ("people", "gives a member of any organization another role; server admins"),
    "admin_invitations": ("people", "invitations without their secrets; server admins, owners and admins their own"),
    "admin_revoke_invitation": ("people", "makes a link useless; server admins"),
    "admin_facts": (
        "people",
        "what decides about a thread or message (opened by, where, archived), never the words; for administrators",
    ),
    "late_answers": ("the worker", "which proposals have somebody to remind, by their ids"),
    "due_digests": ("the worker", "which members are to be mailed on a Monday what waits for them, by their ids"),
    "take_digest": ("people", "marks a member as mailed this week; refused to all but the system"),
    "ended_comments": ("the worker", "which final comments have ended, by their ids: it accepts those records"),
    "guard_decision": (
        "nobody",
        "a trigger: the life cycle of a decision, its concerns, its quorum and its final comment, whoever writes",
    ),
    "mark_conversation": (
        "nobody",
        "a trigger: the thread of a decision that the release before this one stores is its conversation",
    ),
    "guard_kept": (
        "nobody",
        "a trigger, at the end: a proposal is as its template, every text is kept, what is decided is in the ledger",
    ),
    "guard_revision": ("nobody", "a trigger, at the end: no text is kept for a version that does not come"),
    "guard_number": ("nobody", "a trigger, at the end: a number that is counted is a decision's"),
    "guard_entry": ("nobody", "a trigger: an entry of the ledger is the next link and says what its decision is"),
    "guard_counted": ("nobody", "a trigger, at the end: the register counts every entry"),
    "keep_history": ("nobody", "a trigger: every state that a decision ever had"),
    "keep_terms": ("nobody", "a trigger: the terms of a decision's text, for whoever asks what may be decided already"),
    "guard_register": (
        "nobody",
        "a trigger: numbers and entries of the ledger only grow; numbers by more than one only after an import",
    ),
    "totals": ("the worker", "how many people and messages there are, for the figures of the past"),
    "admin_names": ("people", "what people and organizations are called, for server admins"),
    "keep_denials": ("everybody", "stores in the audit what was refused"),
    "is_my_new_place": (
        "people",
        "whether this very transaction of the caller made a place: its creator enters it first",
    ),
    "leave_places": ("nobody", "a trigger: whoever leaves an organization leaves its private channels, too"),
    "keep_an_owner": ("nobody", "a trigger: an organization keeps an owner, whatever two writers do at once"),
}

# What row-level security judges, table by table; tests/security/matrix.py has every cell.
TABLES = {
    "users": "oneself",
    "passwords": "nobody: only the functions below",
    "sessions": "one's own",
    "refresh_tokens": "made for one's own session; read by nobody: only the functions below",
    "personal_tokens": "one's own",
    "mailed_links": "made for oneself; read by nobody: only the functions below",
    "organizations": "members read; owners and admins rename",
    "memberships": "members read; people change their own and leave; admins others', owners' apart; nobody's role "
    "rises above that of whoever changes it",
    "invitations": "owners and admins; only owners invite owners",
    "places": "open channels: members, and guests who were added; private ones: who was added",
    "place_members": "who sees the channel",
    "tags": "members read; moderators create, change and delete",
    "taggings": "who sees the thread or decision; put there by members in their own names, taken off by members",
    "threads": "who sees the channel; opened in one's own name",
    "messages": "who sees the thread; written in one's own name, changed by the author and by moderators",
    "message_revisions": "who sees the message; kept by its author and by moderators",
    "read_markers": "one's own, in threads that one sees",
    "decisions": "who sees the decision's thread; drafted by members in their own names; triggers judge changes",
    "decision_revisions": "who sees the decision; kept by who may write it, in their own names, never changed",
    "decision_askings": "who sees the decision; asked by who proposes, then by who decides, reminded by the system",
    "positions": "who sees the decision; taken by who is asked, on this very text, in their own names, never changed",
    "ballots": "who sees the decision; cast by who is asked while it is open, in their own names, never changed",
    "concerns": "who sees the decision; raised in one's own name while it is open, withdrawn by the owner, resolved by "
    "who decides, each once",
    "evidence": "who sees the decision: that there is some; said by who drafts it",
    "evidence_snapshots": "who sees the thread that the message is from: what it says, word for word",
    "citations": "who sees the message; said by its author, moderators and the system",
    "decision_citations": "who sees the decision; said by who may write it",
    "stale_marks": "who sees what is marked; the system marks; a decision's is cleared by who may write it, a thread's "
    "by members, in their own names, once",
    "decision_history": "who sees the decision; a trigger writes",
    "registers": "everybody inside: how many numbers and entries there are, and the last digest; members count",
    "ledger": "who sees the decision; written once, by who decides; acceptance by the system alone",
    "decision_templates": "members read; owners and admins create, change and delete",
    "concern_replies": "who sees the decision; said in one's own name while the concern is open, never changed",
    "mailed_notices": "the worker, in its organization: what was mailed to whom, so that nothing is mailed twice",
    "decision_terms": "nobody: a trigger writes, and only `similar_decisions` reads",
    "known_terms": "nobody: the same",
    "digests": "nobody: only the functions below",
    "imports": "owners and admins",
    "audit_events": "one's own; owners and admins read the organization's, server admins all; nobody changes or "
    "deletes any",
    "outbox": "members add; only the dispatcher reads and deletes",
    "changed_settings": "everybody reads, no secret is among them; server admins change",
    "samples": "the worker writes, server admins read",
}

INTRODUCTION = """# Permissions

<!-- Written by `python -m dfworx permissions`; a test compares it with the code. -->

A role belongs to a membership: the same person can own one organization and be a guest in another. Whoever is no
member of an organization is told that it does not exist. A guest sees the channels that they were added to, everybody
else every open channel; a private channel is seen by those who were added, owners not excepted.

`system` is the server itself in one organization: imports, workers, the command line.

"""
ON_SERVER = """
## On the server

Beside any role in organizations somebody can be a server admin: the person of the first run, and whom server admins
make one. They look after the server as a whole, and see no channel, thread or message by it. `server` is the command
line, `python -m dfworx admin`, for when nobody can sign in.

"""
OBJECTS = """
## Rules about the object

Beyond the table, a service asks what the thing at hand is; what one cannot see does not exist.

| Rule | Who |
|---|---|
"""
DATABASE = """
## What the database judges

Below the services stands row-level security, forced on every table: without claims there are no rows. It judges
tenants, private channels, authors, administrators and whose session it is; it is coarser than the table above, but for
deciding: who may end, number, record, resolve, clear and quote is refused there as it is in the services.

| Table | Whose rows |
|---|---|
"""
DEFINERS = """
## Functions that see more than their caller

These run as the schema's owner, with an empty `search_path`. What must be known before anybody is signed in, and what
the policies themselves need, is here and nowhere else.

| Function | For | What it tells or does |
|---|---|---|
"""


def page() -> str:
    """The text of docs/permissions.md."""
    return "".join(
        [
            INTRODUCTION,
            *_verbs(),
            ON_SERVER,
            *_server_verbs(),
            OBJECTS,
            *(f"| {name} | {sentence} |\n" for name, sentence in rules()),
            DATABASE,
            *(f"| `{table}` | {whose} |\n" for table, whose in TABLES.items()),
            DEFINERS,
            *(f"| `{name}` | {who} | {what} |\n" for name, (who, what) in FUNCTIONS.items()),
        ]
    )


def _verbs() -> Iterator[str]:
    yield _row("May …", *Role)
    yield _row(*["---"] * (len(Role) + 1))
    for verb in Verb:
        yield _row(verb.value, *("yes" if allows(role, verb) else "" for role in Role))


def _server_verbs() -> Iterator[str]:
    yield _row("May …", *ServerRole)
    yield _row(*["---"] * (len(ServerRole) + 1))
    for verb in ServerVerb:
        yield _row(verb.value, *("yes" if allows_on_server(role, verb) else "" for role in ServerRole))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |\n"


def rules() -> list[tuple[str, str]]:
    """Every policy of every slice, with its sentence."""
    found = []
    for path in sorted(PACKAGE.glob("*/policies.py")):
        module = importlib.import_module(f"{PACKAGE.name}.{path.parent.name}.policies")
        found += [(_said(name, path.parent.name), inspect.getdoc(rule) or "") for name, rule in _policies(module)]
    return found


def _policies(module: object) -> list[tuple[str, Callable[..., bool]]]:
    return [(name, rule) for name, rule in vars(module).items() if name.startswith("may_") and callable(rule)]


def _said(name: str, of: str) -> str:
    return f"{of}: {name.removeprefix('may_').replace('_', ' ')}"
