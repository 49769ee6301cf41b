"""The cast: Ada owns Acme; Dia, Max, Ben and Cy work there, Gus is a guest; Eve owns Umbrella, a stranger to Acme.

Every test gets a cast of its own, stored through the database owner's door, so that tests never see each other.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, insert, update
from sqlmodel import SQLModel, col

from dfworx.accounts.models import Session, User
from dfworx.channels.models import Place, PlaceMember
from dfworx.core import clock, ids
from dfworx.core.actor import Actor
from dfworx.core.permissions import Role
from dfworx.infra.settings import settings
from dfworx.messages.models import Message
from dfworx.organizations.models import Membership, Organization
from dfworx.threads.models import Thread


@dataclass(frozen=True)
class Member:
    """Somebody of the cast in their organization."""

    name: str
    user_id: UUID
    session_id: UUID
    membership_id: UUID
    organization_id: UUID
    slug: str
    role: Role
    email: str

    @property
    def actor(self) -> Actor:
        """They, acting in their organization."""
        return Actor(self.user_id, self.session_id, self.name, self.organization_id, self.membership_id, self.role)

    @property
    def expires_at(self) -> datetime:
        """When their session ends: what a cookie needs."""
        return clock.now() + timedelta(days=settings().session_days)


@dataclass
class Cast:
    """The people, and the places where they talk."""

    slug: str
    acme: UUID
    umbrella: UUID
    people: dict[str, Member] = field(default_factory=dict)
    general: UUID = field(default_factory=ids.new_id)
    lobby: UUID = field(default_factory=ids.new_id)
    retries: UUID = field(default_factory=ids.new_id)
    hiring: UUID = field(default_factory=ids.new_id)
    offers: UUID = field(default_factory=ids.new_id)

    def __getattr__(self, name: str) -> Member:
        """`cast.ada` is Ada."""
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None


ROLES = {
    "ada": Role.OWNER, "dia": Role.ADMIN, "max": Role.MODERATOR, "ben": Role.MEMBER, "cy": Role.MEMBER,
    "gus": Role.GUEST,
}  # fmt: skip
NAMES = {
    "ada": "Ada Ferreira", "dia": "Dia Marsh", "max": "Max Stone", "ben": "Ben Okafor", "cy": "Cy Lindqvist",
    "gus": "Gus Visitor", "eve": "Eve Stranger",
}  # fmt: skip


def gather(connection: Connection) -> Cast:
    """Store a new cast: #general with two threads, and #hiring, private to Ada and Ben, with one."""
    tag = ids.new_id().hex[-10:]
    cast = Cast(slug=f"acme-{tag}", acme=ids.new_id(), umbrella=ids.new_id())
    _put(connection, Organization(id=cast.acme, slug=cast.slug, name="Acme Robotics"))
    _put(connection, Organization(id=cast.umbrella, slug=f"umbrella-{tag}", name="Umbrella"))
    for nick, role in ROLES.items():
        cast.people[nick] = _hire(connection, nick, role, cast.acme, cast.slug, tag)
    cast.people["eve"] = _hire(connection, "eve", Role.OWNER, cast.umbrella, f"umbrella-{tag}", tag)
    _furnish(connection, cast)
    return cast


def _hire(connection: Connection, nick: str, role: Role, organization: UUID, slug: str, tag: str) -> Member:
    now = clock.now()
    email = f"{nick}-{tag}@example.org"
    user = User(email=email, name=NAMES[nick])
    session = Session.start(user.id, now, timedelta(days=1), "tests", "127.0.0.1")
    membership = Membership(organization_id=organization, user_id=user.id, name=user.name, role=role)
    for row in (user, session, membership):
        _put(connection, row)
    return Member(user.name, user.id, session.id, membership.id, organization, slug, role, email)


def _furnish(connection: Connection, cast: Cast) -> None:
    tenant = {"organization_id": cast.acme, "created_by": cast.ada.membership_id}
    _put(connection, Place(id=cast.general, name="general", **tenant))
    _put(connection, Place(id=cast.hiring, name="hiring", visibility="members", **tenant))
    for nick in ("ada", "ben"):
        member = {"organization_id": cast.acme, "membership_id": cast.people[nick].membership_id}
        _put(connection, PlaceMember(place_id=cast.hiring, **member))
    _put(connection, Thread(id=cast.lobby, place_id=cast.general, title="Main", is_default=True, **tenant))
    _put(connection, Thread(id=cast.retries, place_id=cast.general, title="Retries on the ingest queue", **tenant))
    _put(connection, Thread(id=cast.offers, place_id=cast.hiring, title="Offers", **tenant))


def say(connection: Connection, author: Member, thread_id: UUID, *texts: str) -> list[UUID]:
    """Messages that stand in an empty thread already."""
    made = []
    for seq, text in enumerate(texts, 1):
        message = Message(
            organization_id=author.organization_id, thread_id=thread_id, author_id=author.membership_id, seq=seq,
            version=seq, client_key=ids.new_id(), source=text, html=f"<p>{text}</p>",
        )  # fmt: skip
        _put(connection, message)
        made.append(message.id)
    values = {"last_seq": len(texts), "version": len(texts), "last_message_at": clock.now()}
    connection.execute(update(Thread).where(col(Thread.id) == thread_id).values(values))
    return made


def _put(connection: Connection, row: SQLModel) -> None:
    connection.execute(insert(type(row)).values(row.model_dump()))
