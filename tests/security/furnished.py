"""A furnished cast: every table of the database holds a row that all of Acme sees, a private one, and a stranger's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, insert, text

from dfworx.core import clock, ids
from dfworx.core.permissions import Role
from dfworx.decisions.models import Decision
from dfworx.decisions.models_protocol import Concern
from dfworx.decisions.models_templates import DecisionTemplate
from dfworx.imports.models import Import
from dfworx.tables import metadata
from dfworx.threads.models import Thread
from tests.cast import Cast, Member, _hire, gather

TABLES: dict[str, Table] = {table.name: table for table in metadata.tables.values()}
TOKEN = "an invitation's secret, never stored"


@dataclass
class Furnished:
    """The cast, who else there is, and every row by table and label."""

    cast: Cast
    rows: dict[str, dict[str, list[dict[str, Any]]]]
    private: UUID  # Umbrella's place and its thread
    plans: UUID
    invitation: UUID
    token: str

    def person(self, nick: str) -> Member:
        """One of the people."""
        return self.cast.people[nick]

    def one(self, table: str, label: str = "acme") -> UUID:
        """The id of the first row with this label."""
        return self.rows[table][label][0]["id"]

    def everything(self, table: str) -> Iterable[tuple[str, dict[str, Any]]]:
        """Every row with its label."""
        for label, rows in self.rows[table].items():
            for row in rows:
                yield label, row


class _House:
    """Stores rows and remembers them."""

    def __init__(self, connection: Connection, rows: dict[str, dict[str, list[dict[str, Any]]]]) -> None:
        self.connection, self.rows = connection, rows

    def put(self, table: str, label: str, **values: Any) -> UUID:
        row = {"id": ids.new_id(), "created_at": clock.now(), **values}
        self.connection.execute(insert(TABLES[table]).values(row))
        self.rows.setdefault(table, {}).setdefault(label, []).append(row)
        return row["id"]

    def remember(self, table: str, label: str, decision: UUID) -> None:
        """What a trigger has written about a decision."""
        found = text("select * from dfworx." + table + " where decision_id = :id")
        rows = [dict(row._mapping) for row in self.connection.execute(found, {"id": decision})]
        self.rows.setdefault(table, {}).setdefault(label, []).extend(rows)


def furnish(connection: Connection) -> Furnished:
    """Store a new cast with a row of every kind."""
    cast = gather(connection)
    _more_people(connection, cast)
    house = _House(connection, _known(connection, cast))
    acme, umbrella = cast.acme, cast.umbrella
    token = f"{TOKEN} {ids.new_id()}"
    private, plans = _umbrella(house, cast)
    house.put(
        "place_members", "acme", organization_id=acme, place_id=cast.general, membership_id=cast.gil.membership_id
    )
    _talk(house, cast, plans)
    invitation = house.put(
        "invitations", "acme", organization_id=acme, created_by=cast.ada.membership_id, role="member", **_valid(token)
    )
    house.put(
        "invitations",
        "owner",
        organization_id=acme,
        created_by=cast.ada.membership_id,
        role="owner",
        **_valid(str(ids.new_id())),
    )
    house.put(
        "invitations",
        "other",
        organization_id=umbrella,
        created_by=cast.eve.membership_id,
        role="member",
        **_valid(str(ids.new_id())),
    )
    for label, organization, person in (("acme", acme, cast.ada), ("other", umbrella, cast.eve)):
        house.put("imports", label, organization_id=organization, started_by=person.membership_id, **_import())
    _decide(house, cast, plans)
    _tag(house, cast, plans)
    _usually(house, cast)
    for nick, member in cast.people.items():
        house.put("passwords", "other", user_id=member.user_id, hash="not a hash")
        label = "other" if nick in {"eve", "nina"} else "acme"
        house.put("mailed_links", label, user_id=member.user_id, purpose="verify", **_link())
        house.put(
            "refresh_tokens", label, user_id=member.user_id, session_id=member.session_id, token_hash=ids.new_id().hex
        )
        house.put("personal_tokens", label, user_id=member.user_id, name="script", scope="read", **_link())
    for label, organization in (("acme", acme), ("other", umbrella)):
        house.put("outbox", label, organization_id=organization, name="tests.Nothing", payload={})
    return Furnished(cast, house.rows, private, plans, invitation, token)


def _more_people(connection: Connection, cast: Cast) -> None:
    """Gil, a guest in #general; Leo, who has left; Nina, who belongs to no organization."""
    tag = ids.new_id().hex[-10:]
    for nick, role in (("gil", Role.GUEST), ("leo", Role.MEMBER), ("nina", Role.MEMBER)):
        cast.people[nick] = _hire_named(connection, nick, role, cast, tag)
    connection.execute(
        text("update dfworx.memberships set left_at = now() where id = :id"), {"id": cast.leo.membership_id}
    )
    connection.execute(text("delete from dfworx.memberships where id = :id"), {"id": cast.nina.membership_id})


def _hire_named(connection: Connection, nick: str, role: Role, cast: Cast, tag: str) -> Member:
    from tests.cast import NAMES

    NAMES.setdefault(nick, nick.capitalize())
    return _hire(connection, nick, role, cast.acme, cast.slug, tag)


def _known(connection: Connection, cast: Cast) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """What the cast itself has stored, labelled."""
    rows: dict[str, dict[str, list[dict[str, Any]]]] = {}

    def keep(table: str, label: str, condition: str, **values: Any) -> None:
        statement = text("select * from dfworx." + table + " where " + condition)
        found = [dict(row._mapping) for row in connection.execute(statement, values)]
        rows.setdefault(table, {}).setdefault(label, []).extend(found)

    inside = [member.user_id for nick, member in cast.people.items() if nick not in {"eve", "nina"}]
    outside = [cast.eve.user_id, cast.nina.user_id]
    for label, users in (("acme", inside), ("other", outside)):
        keep("users", label, "id = any(:users)", users=users)
        keep("sessions", label, "user_id = any(:users)", users=users)
    keep("organizations", "acme", "id = :id", id=cast.acme)
    keep("organizations", "other", "id = :id", id=cast.umbrella)
    keep("memberships", "acme", "organization_id = :id and role <> 'owner'", id=cast.acme)
    keep("memberships", "owner", "organization_id = :id and role = 'owner'", id=cast.acme)
    keep("memberships", "other", "organization_id = :id", id=cast.umbrella)
    keep("places", "acme", "id = :id", id=cast.general)
    keep("places", "hidden", "id = :id", id=cast.hiring)
    keep("place_members", "hidden", "place_id = :id", id=cast.hiring)
    keep("threads", "acme", "place_id = :id", id=cast.general)
    keep("threads", "hidden", "place_id = :id", id=cast.hiring)
    return rows


def _umbrella(house: _House, cast: Cast) -> tuple[UUID, UUID]:
    tenant = {"organization_id": cast.umbrella}
    mine = {**tenant, "created_by": cast.eve.membership_id}
    place = house.put("places", "other", kind="channel", visibility="members", name="plans", description="", **mine)
    house.put("place_members", "other", place_id=place, membership_id=cast.eve.membership_id, **tenant)
    thread = house.put(
        "threads",
        "other",
        place_id=place,
        title="Plans",
        is_default=False,
        last_seq=0,
        version=0,
        history_seq=0,
        **mine,
    )
    return place, thread


def _talk(house: _House, cast: Cast, plans: UUID) -> None:
    """Everybody has written in #general, Ada and Ben in #hiring, Eve at home; each with a revision and a marker."""
    for nick, member in cast.people.items():
        if nick in {"eve", "nina"}:
            continue
        _say(house, "acme", cast.acme, cast.lobby, member)
    for nick in ("ada", "ben"):
        _say(house, "hidden", cast.acme, cast.offers, cast.people[nick])
    _say(house, "other", cast.umbrella, plans, cast.eve)
    for organization, member, label in (
        *((cast.acme, cast.people[nick], "acme") for nick in ("ada", "ben", "cy", "max", "dia", "gil", "gus", "leo")),
        (cast.umbrella, cast.eve, "other"),
        (None, cast.nina, "personal"),
    ):
        house.put(
            "audit_events",
            label,
            organization_id=organization,
            user_id=member.user_id,
            name="tests.Nothing",
            details={},
        )


def _say(house: _House, label: str, organization: UUID, thread: UUID, author: Member) -> None:
    house.connection.execute(
        text("update dfworx.threads set last_seq = last_seq + 1, version = version + 1 where id = :id"), {"id": thread}
    )
    seq = house.connection.execute(text("select last_seq from dfworx.threads where id = :id"), {"id": thread}).scalar()
    words = f"{label} words of {author.name}"
    texts = {"source": words, "html": f"<p>{words}</p>"}
    tenant = {"organization_id": organization}
    message = house.put(
        "messages",
        label,
        thread_id=thread,
        author_id=author.membership_id,
        seq=seq,
        version=seq,
        revision=2,
        client_key=ids.new_id(),
        **texts,
        **tenant,
    )
    house.put("message_revisions", label, message_id=message, number=1, **texts, **tenant)
    house.put("read_markers", label, thread_id=thread, membership_id=author.membership_id, last_read_seq=1, **tenant)


def _decide(house: _House, cast: Cast, plans: UUID) -> None:
    """Ben has proposed something in #general, Ada in #hiring, Eve at home; Acme's asks Ben, who has a concern."""
    mine = _all_of(Thread(organization_id=cast.acme, place_id=cast.general, title="acme title"))
    for label, organization, thread, author in (
        ("acme", cast.acme, house.put("threads", "acme", **mine), cast.ben),
        ("hidden", cast.acme, cast.offers, cast.ada),
        ("other", cast.umbrella, plans, cast.eve),
    ):
        same = {"organization_id": organization}
        who = author.membership_id
        made = Decision(
            **same, thread_id=thread, created_by=who, decider_id=who, title=f"{label} title", outcome="Yes."
        )
        decision = house.put("decisions", label, **_all_of(made))
        about = {**same, "decision_id": decision}
        content = made.content.model_dump(mode="json")
        house.put("decision_revisions", label, version=1, content=content, written_by=who, note="", **about)
        house.put("decision_askings", label, membership_id=who, **about)
        house.put("positions", label, membership_id=who, version=1, stand="agree", reason="", is_late=False, **about)
        house.put("ballots", label, membership_id=who, version=1, choices={}, **about)
        concern = house.put("concerns", label, **_all_of(Concern(owner_id=who, title=f"{label} concern", **about)))
        house.put("mailed_notices", label, membership_id=who, kind="concern", occasion=concern, **about)
        said = {"source": f"{label} reply", "html": f"<p>{label} reply</p>"}
        house.put("concern_replies", label, concern_id=concern, author_id=who, **said, **same)
        message = house.rows["messages"][label][0]
        evidence = house.put("evidence", label, message_id=message["id"], position=1, **about)
        said = {name: message[name] for name in ("thread_id", "author_id", "seq", "revision", "source", "html")}
        house.put("evidence_snapshots", label, evidence_id=evidence, written_at=message["created_at"], **said, **same)
        house.put("decision_citations", label, number=7, **about)
        house.put("stale_marks", label, because_id=decision, **about)
        house.put("citations", label, message_id=message["id"], number=1, **same)
        position = 2 if label == "hidden" else 1
        house.put("ledger", label, position=position, happened="x", record="{}", previous="", digest="x", **about)
        if label != "hidden":
            house.put("registers", label, numbers=1, entries=2 if label == "acme" else 1, head="x", **same)
    house.connection.execute(
        text("update dfworx.decisions set number = 1, status = 'proposed', proposed_at = now() where id = :id"),
        {"id": house.rows["decisions"]["acme"][0]["id"]},
    )
    for label, rows in house.rows["decisions"].items():
        for row in rows:
            house.remember("decision_history", label, row["id"])
            house.remember("decision_terms", label, row["id"])
    for label, member in (("acme", cast.ben), ("other", cast.eve)):
        home = {"organization_id": member.organization_id}
        house.put("known_terms", label, term="retri", **home)
        house.put("digests", label, membership_id=member.membership_id, sent_at=clock.now(), **home)
        house.put(
            "mailed_notices", label, membership_id=member.membership_id, kind="digest", occasion=ids.new_id(), **home
        )


def _tag(house: _House, cast: Cast, plans: UUID) -> None:
    """Acme's tag hangs on what Ben has proposed, on "Retries …" and in #hiring; Eve's at home."""
    mine = house.put("tags", "acme", organization_id=cast.acme, name="billing", category="app", color="teal")
    theirs = house.put("tags", "other", organization_id=cast.umbrella, name="billing", category="app", color="red")
    for label, organization, tag, kind, subject, who in (
        ("acme", cast.acme, mine, "decision", house.rows["decisions"]["acme"][0]["id"], cast.ben),
        ("acme", cast.acme, mine, "thread", cast.retries, cast.ben),
        ("hidden", cast.acme, mine, "thread", cast.offers, cast.ada),
        ("other", cast.umbrella, theirs, "thread", plans, cast.eve),
    ):
        about = {"organization_id": organization, "kind": kind, "subject_id": subject}
        house.put("taggings", label, tag_id=tag, tagged_by=who.membership_id, **about)


def _usually(house: _House, cast: Cast) -> None:
    """Acme has two templates, Umbrella one."""
    for label, organization, position in (("acme", cast.acme, 1), ("acme", cast.acme, 2), ("other", cast.umbrella, 1)):
        kept = DecisionTemplate(organization_id=organization, position=position, name=f"Consent {position}")
        house.put("decision_templates", label, **_all_of(kept))


def _all_of(row: Any) -> dict[str, Any]:
    return row.model_dump(exclude={"id", "created_at"})


def _valid(token: str) -> dict[str, Any]:
    return {
        "token_hash": sha256(token.encode()).hexdigest(), "expires_at": clock.now() + timedelta(days=1), "max_uses": 50,
        "uses": 0,
    }  # fmt: skip


def _import() -> dict[str, Any]:
    row = Import(organization_id=ids.new_id(), name="archive.zip", state="done")
    return row.model_dump(exclude={"id", "created_at", "organization_id", "started_by"})


def _link() -> dict[str, Any]:
    return {"token_hash": ids.new_id().hex, "expires_at": clock.now() + timedelta(days=1)}


def copied(row: dict[str, Any], **values: Any) -> dict[str, Any]:
    """A row like another one."""
    return {**row, "id": ids.new_id(), **values}
