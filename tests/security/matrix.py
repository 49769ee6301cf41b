"""The matrix: what the database itself allows to every actor, and to whom it grants what; an auditor begins here.

The role x verb table of core/permissions.py is stricter (a guest creates no channel): the services judge it. The database
judges tenants, private channels, authors, administrators, whose session it is, and all of deciding. A trigger refuses what
nobody may insert (`-` for everybody), and what depends on the moment: tests/decisions/test_guards.py.
"""
# ruff: noqa: E501  # a table is read across

from collections.abc import Iterator
from dataclasses import dataclass

# Columns: table, actors, then the rows that they can select | insert | update | delete.
#   x       the grants refuse the verb altogether         -        it is granted, and reaches no row
#   own     the actor's own row; what the actor wrote     acme     what Acme's members share
#   owner   the row of Acme's owner, or about owners      hidden   in #hiring, private to Ada and Ben
#   other   of another organization, or somebody else's   forged   signed with somebody else's name
#   personal  of the own account, in no organization
# Actors: nobody (anon, without claims), unclaimed (a signed-in role without claims), login (before any role is set), nina
# (no organization), leo (has left Acme), eve (owns Umbrella), gus (guest, in no channel), gil (guest in #general), cy (member),
# ben (member, in #hiring), max (moderator), dia (admin), ada (owner, in #hiring), system (of Acme), dispatcher.
# `outside` is nobody, login and dispatcher.
MATRIX = """
users             outside                                          | x               | x                    | x               | x
                  unclaimed system                                 | -               | x                    | -               | x
                  nina leo eve gus gil cy ben max dia ada          | own             | x                    | own             | x
passwords         everybody                                        | x               | x                    | x               | x
mailed_links      outside                                          | x               | x                    | x               | x
                  unclaimed system                                 | x               | -                    | x               | x
                  nina leo eve gus gil cy ben max dia ada          | x               | own                  | x               | x
refresh_tokens    outside                                          | x               | x                    | x               | x
                  unclaimed system                                 | x               | -                    | x               | x
                  nina leo eve gus gil cy ben max dia ada          | x               | own                  | x               | x
personal_tokens   outside                                          | x               | x                    | x               | x
                  unclaimed system                                 | -               | -                    | -               | x
                  nina leo eve gus gil cy ben max dia ada          | own             | own                  | own             | x
sessions          outside                                          | x               | x                    | x               | x
                  unclaimed system                                 | -               | -                    | -               | x
                  nina leo eve gus gil cy ben max dia ada          | own             | own                  | own             | x
outbox            nobody login                                     | x               | x                    | x               | x
                  dispatcher                                       | acme other      | x                    | acme other      | acme other
                  unclaimed nina                                   | x               | -                    | x               | x
                  leo gus gil cy ben max dia ada system            | x               | acme                 | x               | x
                  eve                                              | x               | other                | x               | x
audit_events      outside                                          | x               | x                    | x               | x
                  unclaimed                                        | -               | -                    | x               | x
                  nina                                             | own             | personal             | x               | x
                  leo gus gil cy ben max                           | own             | acme personal        | x               | x
                  eve                                              | own             | personal other       | x               | x
                  dia ada                                          | own acme        | acme personal        | x               | x
                  system                                           | acme            | acme personal forged | x               | x
organizations     outside                                          | x               | x                    | x               | x
                  unclaimed nina leo                               | -               | x                    | -               | x
                  eve                                              | other           | x                    | other           | x
                  gus gil cy ben max                               | acme            | x                    | -               | x
                  dia ada system                                   | acme            | x                    | acme            | x
memberships       outside                                          | x               | x                    | x               | x
                  unclaimed nina leo                               | -               | -                    | -               | x
                  eve                                              | own             | -                    | own             | x
                  gus gil cy ben max                               | own acme owner  | -                    | own             | x
                  dia                                              | own acme owner  | -                    | own acme        | x
                  ada                                              | own acme        | -                    | own acme        | x
                  system                                           | acme owner      | acme owner           | acme owner      | x
invitations       outside                                          | x               | x                    | x               | x
                  unclaimed nina leo gus gil cy ben max            | -               | -                    | -               | x
                  eve                                              | other           | other                | other           | x
                  dia                                              | acme owner      | acme                 | acme            | x
                  ada system                                       | acme owner      | acme owner           | acme owner      | x
imports           outside                                          | x               | x                    | x               | x
                  unclaimed nina leo gus gil cy ben max            | -               | -                    | -               | x
                  eve                                              | other           | other                | other           | x
                  dia ada system                                   | acme            | acme                 | acme            | x
places            outside                                          | x               | x                    | x               | x
                  unclaimed nina leo                               | -               | -                    | -               | x
                  eve                                              | other           | other                | other           | x
                  gus                                              | -               | acme hidden          | -               | x
                  gil cy max dia                                   | acme            | acme hidden          | acme            | x
                  ben ada                                          | acme hidden     | acme hidden          | acme hidden     | x
                  system                                           | acme hidden     | acme hidden forged   | acme hidden     | x
place_members     outside                                          | x               | x                    | x               | x
                  unclaimed nina leo gus                           | -               | -                    | x               | -
                  eve                                              | own             | other                | x               | own
                  gil                                              | own             | acme                 | x               | own
                  cy max dia                                       | acme            | acme                 | x               | acme
                  ben ada                                          | own acme hidden | acme hidden          | x               | own acme hidden
                  system                                           | acme hidden     | acme hidden          | x               | acme hidden
messages          outside                                          | x               | x                    | x               | x
                  unclaimed nina leo gus                           | -               | -                    | -               | x
                  eve                                              | own             | other                | own             | x
                  gil cy                                           | own acme        | acme                 | own             | x
                  ben                                              | own acme hidden | acme hidden          | own             | x
                  max dia                                          | own acme        | acme                 | own acme        | x
                  ada                                              | own acme hidden | acme hidden          | own acme hidden | x
                  system                                           | acme hidden     | acme hidden forged   | acme hidden     | x
message_revisions outside                                          | x               | x                    | x               | x
                  unclaimed nina leo gus                           | -               | -                    | x               | x
                  eve                                              | other           | other                | x               | x
                  gil cy                                           | acme            | -                    | x               | x
                  ben                                              | acme hidden     | hidden               | x               | x
                  max dia                                          | acme            | acme                 | x               | x
                  ada system                                       | acme hidden     | acme hidden          | x               | x
tags              outside                                          | x               | x                    | x               | x
                  unclaimed nina leo                               | -               | -                    | -               | -
                  eve                                              | other           | other                | other           | other
                  gus gil cy ben                                   | acme            | -                    | -               | -
                  max dia ada system                               | acme            | acme                 | acme            | acme
decision_templates outside                                         | x               | x                    | x               | x
                  unclaimed nina leo                               | -               | -                    | -               | -
                  eve                                              | other           | other                | other           | other
                  gus gil cy ben max                               | acme            | -                    | -               | -
                  dia ada system                                   | acme            | acme                 | acme            | acme
taggings          outside                                          | x               | x                    | x               | x
                  unclaimed nina leo gus                           | -               | -                    | x               | -
                  eve                                              | other           | other                | x               | other
                  gil                                              | acme            | -                    | x               | -
                  cy max dia                                       | acme            | acme                 | x               | acme
                  ben ada                                          | acme hidden     | acme hidden          | x               | acme hidden
                  system                                           | acme hidden     | acme hidden forged   | x               | acme hidden
threads           outside                                          | x               | x                    | x               | x
                  unclaimed nina leo gus                           | -               | -                    | -               | x
                  eve                                              | other           | other                | other           | x
                  gil cy max dia                                   | acme            | acme                 | acme            | x
                  ben ada                                          | acme hidden     | acme hidden          | acme hidden     | x
                  system                                           | acme hidden     | acme hidden forged   | acme hidden     | x
read_markers      outside                                          | x               | x                    | x               | x
                  unclaimed nina leo system                        | -               | -                    | -               | x
                  eve                                              | own             | other                | own             | x
                  gus                                              | own             | -                    | -               | x
                  gil cy max dia                                   | own             | acme                 | own             | x
                  ben ada                                          | own             | acme hidden          | own             | x
decisions         outside                                          | x               | x                    | x               | x
                  unclaimed nina leo gus                           | -               | -                    | -               | x
                  eve                                              | other           | other                | other           | x
                  gil                                              | acme            | -                    | acme            | x
                  cy max dia                                       | acme            | acme                 | acme            | x
                  ben ada                                          | acme hidden     | acme hidden          | acme hidden     | x
                  system                                           | acme hidden     | acme hidden forged   | acme hidden     | x
decision_revisions outside                                         | x               | x                    | x               | x
                  unclaimed nina leo gus                           | -               | -                    | x               | x
                  eve                                              | other           | other                | x               | x
                  gil cy                                           | acme            | -                    | x               | x
                  max dia                                          | acme            | acme                 | x               | x
                  ben ada                                          | acme hidden     | acme hidden          | x               | x
                  system                                           | acme hidden     | acme hidden forged   | x               | x
decision_askings  outside                                          | x               | x                    | x               | x
                  unclaimed nina leo gus                           | -               | -                    | -               | x
                  eve                                              | other           | other                | -               | x
                  gil cy                                           | acme            | -                    | -               | x
                  max dia                                          | acme            | acme                 | -               | x
                  ben                                              | acme hidden     | acme                 | -               | x
                  ada                                              | acme hidden     | acme hidden          | -               | x
                  system                                           | acme hidden     | acme hidden          | acme hidden     | x
positions         outside                                          | x               | x                    | x               | x
                  unclaimed nina leo gus                           | -               | -                    | x               | x
                  eve                                              | other           | -                    | x               | x
                  gil cy max dia                                   | acme            | -                    | x               | x
                  ben                                              | acme hidden     | acme                 | x               | x
                  ada                                              | acme hidden     | -                    | x               | x
                  system                                           | acme hidden     | -                    | x               | x
ballots           outside                                          | x               | x                    | x               | x
                  unclaimed nina leo gus                           | -               | -                    | x               | x
                  eve                                              | other           | -                    | x               | x
                  gil cy max dia                                   | acme            | -                    | x               | x
                  ben                                              | acme hidden     | acme                 | x               | x
                  ada                                              | acme hidden     | -                    | x               | x
                  system                                           | acme hidden     | -                    | x               | x
concerns          outside                                          | x               | x                    | x               | x
                  unclaimed nina leo gus                           | -               | -                    | -               | x
                  eve                                              | other           | -                    | other           | x
                  gil cy                                           | acme            | acme                 | -               | x
                  max dia                                          | acme            | acme                 | acme            | x
                  ben                                              | acme hidden     | acme                 | acme            | x
                  ada                                              | acme hidden     | acme                 | acme hidden     | x
                  system                                           | acme hidden     | -                    | acme hidden     | x
concern_replies   outside                                          | x               | x                    | x               | x
                  unclaimed nina leo gus                           | -               | -                    | x               | x
                  eve                                              | other           | other                | x               | x
                  gil cy max dia                                   | acme            | acme                 | x               | x
                  ben ada                                          | acme hidden     | acme hidden          | x               | x
                  system                                           | acme hidden     | -                    | x               | x
mailed_notices    outside                                          | x               | x                    | x               | x
                  unclaimed nina leo eve gus gil cy ben max dia ada | -              | -                    | -               | -
                  system                                           | acme hidden     | acme hidden          | acme hidden     | acme hidden
evidence          outside                                          | x               | x                    | x               | x
                  unclaimed nina leo gus                           | -               | -                    | x               | x
                  eve                                              | other           | other                | x               | x
                  gil cy max dia                                   | acme            | -                    | x               | x
                  ben                                              | acme hidden     | -                    | x               | x
                  ada system                                       | acme hidden     | hidden               | x               | x
evidence_snapshots outside                                         | x               | x                    | x               | x
                  unclaimed nina leo gus                           | -               | -                    | x               | x
                  eve                                              | other           | other                | x               | x
                  gil cy max dia                                   | acme            | acme                 | x               | x
                  ben ada system                                   | acme hidden     | acme hidden          | x               | x
citations         outside                                          | x               | x                    | x               | x
                  unclaimed nina leo gus                           | -               | -                    | x               | -
                  eve                                              | other           | other                | x               | other
                  gil cy                                           | acme            | -                    | x               | -
                  ben                                              | acme hidden     | -                    | x               | -
                  max dia                                          | acme            | acme                 | x               | acme
                  ada system                                       | acme hidden     | acme hidden          | x               | acme hidden
ledger            outside                                          | x               | x                    | x               | x
                  unclaimed nina leo gus                           | -               | -                    | x               | x
                  eve                                              | other           | -                    | x               | x
                  gil cy max dia                                   | acme            | -                    | x               | x
                  ben ada system                                   | acme hidden     | -                    | x               | x
decision_citations outside                                         | x               | x                    | x               | x
                  unclaimed nina leo gus                           | -               | -                    | x               | -
                  eve                                              | other           | other                | x               | other
                  gil cy                                           | acme            | -                    | x               | -
                  max dia                                          | acme            | acme                 | x               | acme
                  ben ada system                                   | acme hidden     | acme hidden          | x               | acme hidden
stale_marks       outside                                          | x               | x                    | x               | x
                  unclaimed nina leo gus                           | -               | -                    | -               | x
                  eve                                              | other           | -                    | other           | x
                  gil cy                                           | acme            | -                    | -               | x
                  max dia                                          | acme            | -                    | acme            | x
                  ben ada                                          | acme hidden     | -                    | acme hidden     | x
                  system                                           | acme hidden     | acme hidden          | acme hidden     | x
decision_history  outside                                          | x               | x                    | x               | x
                  unclaimed nina leo gus                           | -               | x                    | x               | x
                  eve                                              | other           | x                    | x               | x
                  gil cy max dia                                   | acme            | x                    | x               | x
                  ben ada                                          | acme hidden     | x                    | x               | x
                  system                                           | acme hidden     | x                    | x               | x
decision_terms    everybody                                        | x               | x                    | x               | x
known_terms       everybody                                        | x               | x                    | x               | x
digests           everybody                                        | x               | x                    | x               | x
registers         outside                                          | x               | x                    | x               | x
                  unclaimed nina leo                               | -               | -                    | -               | x
                  eve                                              | other           | other                | other           | x
                  gus gil                                          | acme            | -                    | -               | x
                  cy ben max dia ada system                        | acme            | acme                 | acme            | x
"""
OUTSIDE = ("nobody", "login", "dispatcher")
PEOPLE = ("nina", "leo", "eve", "gus", "gil", "cy", "ben", "max", "dia", "ada")
ACTORS = (*OUTSIDE, "unclaimed", *PEOPLE, "system")
SHORT = {"outside": " ".join(OUTSIDE), "everybody": " ".join(ACTORS)}
VERBS = ("select", "insert", "update", "delete")
BOOKKEEPING = {"alembic_version"}  # of the migrations: no grant to anybody, and no rows of people
OF_THE_SERVER = {"changed_settings", "samples"}  # nobody's rows: each has a test of its own

# What may be changed at all: `select, insert, update(columns), delete`, by role. Everything else is refused by the grants.
GRANTS = {
    ("users", "authenticated"): "select update(gets_digest name shows_presence)",
    ("mailed_links", "authenticated"): "insert",
    ("refresh_tokens", "authenticated"): "insert",
    ("personal_tokens", "authenticated"): "select insert update(revoked_at)",
    ("sessions", "authenticated"): "select insert update(last_seen_at revoked_at)",
    ("organizations", "authenticated"): "select update(name)",
    ("memberships", "authenticated"): "select insert update(claimant_id claimed_by left_at name role)",
    ("invitations", "authenticated"): "select insert update(revoked_at)",
    ("imports", "authenticated"): "select insert update("
    "at_file at_message files finished_at folder heartbeat_at problem report runner senders started_at state)",
    ("places", "authenticated"): "select insert update(archived_at description name)",
    ("place_members", "authenticated"): "select insert delete",
    ("tags", "authenticated"): "select insert update(category color name) delete",
    ("decision_templates", "authenticated"): "select insert update("
    "comment_hours explanation is_anonymous is_business_days is_hidden name position quorum_least quorum_share share) delete",
    ("taggings", "authenticated"): "select insert delete",
    ("threads", "authenticated"): "select insert update("
    "history_seq last_message_at last_seq place_id resolved_at resolved_by title version)",
    ("read_markers", "authenticated"): "select insert update(last_read_seq)",
    ("messages", "authenticated"): "select insert update("
    "deleted_at deleted_by edited_at html moved_to revision source version)",
    ("message_revisions", "authenticated"): "select insert",
    ("decisions", "authenticated"): "select insert update("
    "ballot channels chosen closed_at closing comment_ends_at comment_hours confirmation consequences consulted context decider_id "
    "drivers informed is_anonymous is_business_days is_hidden more number options outcome paths proposed_at quorum replaces review_on share status superseded_by "
    "template title version)",
    ("decision_revisions", "authenticated"): "select insert",
    ("decision_askings", "authenticated"): "select insert update(reminded_at)",
    ("positions", "authenticated"): "select insert",
    ("ballots", "authenticated"): "select insert",
    ("concerns", "authenticated"): "select insert update(closed_at closed_by reason state)",
    ("concern_replies", "authenticated"): "select insert",
    ("mailed_notices", "authenticated"): "select insert update(mailed_at) delete",
    ("evidence", "authenticated"): "select insert",
    ("evidence_snapshots", "authenticated"): "select insert",
    ("citations", "authenticated"): "select insert delete",
    ("decision_citations", "authenticated"): "select insert delete",
    ("stale_marks", "authenticated"): "select insert update(cleared_at cleared_by)",
    ("decision_history", "authenticated"): "select",
    ("registers", "authenticated"): "select insert update(entries head numbers)",
    ("ledger", "authenticated"): "select insert",
    ("audit_events", "authenticated"): "select insert",
    ("changed_settings", "anon"): "select",
    ("changed_settings", "authenticated"): "select insert update delete",
    ("samples", "authenticated"): "select",
    ("samples", "dfworx_dispatcher"): "select insert update delete",
    ("outbox", "authenticated"): "insert",
    ("outbox", "dfworx_dispatcher"): "select update delete",
}

# Every function of the schema: who may call it. `definer` ones act as the schema's owner, whom row-level security spares.
EVERYBODY, SIGNED_IN, NO_ONE = ("anon", "authenticated"), ("authenticated",), ()
FUNCTIONS = {
    "my_user_id": ("invoker", EVERYBODY),
    "am_system": ("invoker", EVERYBODY),
    "am_server": ("invoker", EVERYBODY),
    "am_server_admin": ("definer", EVERYBODY),
    "admin_must": ("definer", NO_ONE),
    "admin_people": ("definer", SIGNED_IN),
    "admin_attention": ("definer", SIGNED_IN),
    "admin_reaches": ("definer", SIGNED_IN),
    "admin_keep_reset_link": ("definer", SIGNED_IN),
    "admin_keep_one": ("definer", NO_ONE),
    "admin_set_active": ("definer", SIGNED_IN),
    "admin_set_server_admin": ("definer", SIGNED_IN),
    "admin_sessions": ("definer", SIGNED_IN),
    "admin_end_sessions": ("definer", SIGNED_IN),
    "admin_tokens": ("definer", SIGNED_IN),
    "admin_end_token": ("definer", SIGNED_IN),
    "admin_organizations": ("definer", SIGNED_IN),
    "admin_rename_organization": ("definer", SIGNED_IN),
    "admin_set_role": ("definer", SIGNED_IN),
    "admin_invitations": ("definer", SIGNED_IN),
    "admin_revoke_invitation": ("definer", SIGNED_IN),
    "admin_facts": ("definer", SIGNED_IN),
    "admin_names": ("definer", SIGNED_IN),
    "totals": ("definer", ("dfworx_dispatcher",)),
    "keep_denials": ("definer", EVERYBODY),
    "my_organization_ids": ("definer", EVERYBODY),
    "my_organization_ids_ever": ("definer", EVERYBODY),
    "my_organization_ids_as": ("definer", EVERYBODY),
    "my_membership_ids": ("definer", EVERYBODY),
    "my_author_ids": ("definer", EVERYBODY),
    "claim_author": ("definer", SIGNED_IN),
    "my_role": ("definer", EVERYBODY),
    "my_place_ids": ("definer", EVERYBODY),
    "migration": ("definer", EVERYBODY),
    "has_accounts": ("definer", EVERYBODY),
    "credential": ("definer", EVERYBODY),
    "session_identity": ("definer", EVERYBODY),
    "refresh_session": ("definer", EVERYBODY),
    "refresh_family": ("definer", EVERYBODY),
    "token_identity": ("definer", EVERYBODY),
    "register_user": ("definer", EVERYBODY),
    "invitation": ("definer", EVERYBODY),
    "verify_email": ("definer", EVERYBODY),
    "reset_password": ("definer", EVERYBODY),
    "keep_reset_link": ("definer", SIGNED_IN),
    "use_link": ("definer", NO_ONE),
    "my_password_hash": ("definer", SIGNED_IN),
    "change_my_password": ("definer", SIGNED_IN),
    "create_organization": ("definer", SIGNED_IN),
    "accept_invitation": ("definer", SIGNED_IN),
    "member_emails": ("definer", SIGNED_IN),
    "active_members": ("definer", SIGNED_IN),
    "remove_demo": ("definer", SIGNED_IN),
    "find_threads": ("definer", SIGNED_IN),
    "is_my_new_place": ("definer", SIGNED_IN),
    "guard_decision": ("definer", NO_ONE),
    "keep_history": ("definer", NO_ONE),
    "similar_decisions": ("definer", SIGNED_IN),
    "keep_terms": ("definer", NO_ONE),
    "due_digests": ("definer", ("dfworx_dispatcher",)),
    "take_digest": ("definer", SIGNED_IN),
    "decision_words": ("invoker", NO_ONE),
    "guard_new_decision": ("invoker", NO_ONE),
    "guard_decider": ("invoker", NO_ONE),
    "guard_reason": ("invoker", NO_ONE),
    "guard_template": ("invoker", NO_ONE),
    "guard_asking": ("invoker", NO_ONE),
    "mark_conversation": ("definer", NO_ONE),
    "is_as_its_template": ("invoker", NO_ONE),
    "guard_kept": ("definer", NO_ONE),
    "guard_revision": ("definer", NO_ONE),
    "guard_register": ("definer", NO_ONE),
    "guard_new_register": ("invoker", NO_ONE),
    "guard_number": ("definer", NO_ONE),
    "guard_entry": ("definer", NO_ONE),
    "guard_counted": ("definer", NO_ONE),
    "is_said": ("invoker", SIGNED_IN),
    "empty_thread": ("invoker", NO_ONE),
    "late_askings": ("invoker", SIGNED_IN),
    "late_answers": ("definer", ("dfworx_dispatcher",)),
    "ended_comments": ("definer", ("dfworx_dispatcher",)),
    "leave_places": ("definer", NO_ONE),
    "keep_an_owner": ("definer", NO_ONE),
}


@dataclass(frozen=True)
class Cell:
    """What an actor reaches in a table with each verb."""

    table: str
    actor: str
    reach: tuple[str, ...]


def declared() -> Iterator[Cell]:
    """The cells of the matrix."""
    table = ""
    for line in MATRIX.strip().splitlines():
        first, *reach = (part.strip() for part in line.split("|"))
        if not line.startswith(" "):
            table, _, first = first.partition(" ")
        for actor in SHORT.get(first.strip(), first).split():
            yield Cell(table, actor, tuple(reach))
