"""The SQL of organizations. What is asked or done before one is a member goes through definer functions."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from dfworx.core.errors import NotFound
from dfworx.core.permissions import Role
from dfworx.core.texts import parts_of
from dfworx.infra.database import Tx
from dfworx.infra.repository import Repository
from dfworx.organizations.errors import LastOwner
from dfworx.organizations.models import Invitation, Membership, Organization

CREATE = text("select dfworx.create_organization(:id, :slug, :name, :membership)")
ACCEPT = text("select * from dfworx.accept_invitation(:hash, :membership)")
LOOK = text("select organization_name, organization_slug, role from dfworx.invitation(:hash)")
ACTIVE = text("select membership_id from dfworx.active_members(:members)")
CLAIM = text("select dfworx.claim_author(:author, :wanted)")
EMAILS = text("select membership_id, email from dfworx.member_emails(:organization)")
NO_OWNER_LEFT = "DF001"  # raised by the trigger keep_an_owner


class Organizations:
    """The organizations that the person belongs to."""

    def __init__(self, tx: Tx) -> None:
        self.tx = tx

    async def create(self, organization: Organization, membership_id: UUID) -> bool:
        """Make it with the person as its owner, unless the slug is taken."""
        values = {"id": organization.id, "slug": organization.slug, "name": organization.name}
        return bool(await self.tx.scalar(bool, CREATE, values | {"membership": membership_id}))

    async def mine(self) -> Sequence[tuple[Organization, str]]:
        """All of them with the person's role, by name."""
        query = (
            select(Organization, Membership.role)
            .join(Membership, col(Membership.organization_id) == col(Organization.id))
            .where(col(Membership.user_id) == self.tx.actor.person, col(Membership.left_at).is_(None))
            .order_by(func.lower(Organization.name), col(Organization.id))
        )
        return (await self.tx.session.exec(query)).all()

    async def current(self) -> Organization:
        """The one that is acted in."""
        query = select(Organization).where(col(Organization.id) == self.tx.actor.organization)
        found = (await self.tx.session.exec(query)).one_or_none()
        if found is None:
            raise NotFound
        return found


class Memberships(Repository[Membership]):
    """Members and authors of the organization."""

    model = Membership

    async def put_authors(self, names_by_origin: dict[str, str]) -> dict[str, UUID]:
        """The memberships of these origins, made where they are missing."""
        rows = [
            Membership(
                organization_id=self.tx.actor.organization,
                name=name,
                role=Role.GUEST,
                origin=origin,
                created_at=self.tx.now,
            ).model_dump()
            for origin, name in names_by_origin.items()
        ]
        await self.tx.run(insert(Membership).on_conflict_do_nothing(), rows)
        return await self.of_origins(names_by_origin)

    async def of_origins(self, origins: Collection[str]) -> dict[str, UUID]:
        """The memberships of those origins that exist."""
        query = select(Membership.origin, Membership.id).where(
            col(Membership.organization_id) == self.tx.actor.organization, col(Membership.origin).in_(origins)
        )
        return {str(origin): id_ for origin, id_ in (await self.tx.session.exec(query)).all()}

    async def of_origin(self, origin: str) -> Membership | None:
        """The author that came from there."""
        return (await self.tx.session.exec(self.mine().where(col(Membership.origin) == origin))).one_or_none()

    async def page(self, size: int, after: UUID | None, *, everyone: bool) -> Sequence[Membership]:
        """By name, from behind a member on; the present ones, or all authors."""
        order = tuple_(func.lower(col(Membership.name)), col(Membership.id))
        query = self.mine().order_by(*order.clauses).limit(size)
        if not everyone:
            query = query.where(col(Membership.left_at).is_(None), col(Membership.user_id).is_not(None))
        if after is not None:
            last = await self.get(after)
            query = query.where(order > tuple_(func.lower(last.name), last.id))
        return (await self.tx.session.exec(query)).all()

    async def named(self, words: Sequence[str], most: int) -> Sequence[Membership]:
        """The present members whose names contain all words, by name."""
        name = func.lower(col(Membership.name))
        query = self.mine().where(col(Membership.left_at).is_(None), col(Membership.user_id).is_not(None))
        for part in parts_of([*words]):
            query = query.where(name.like(part))
        return (await self.tx.session.exec(query.order_by(name, col(Membership.id)).limit(most))).all()

    async def present(self, membership_id: UUID) -> Membership:
        """A member who has not left."""
        member = await self.get(membership_id)
        if member.left_at is not None:
            raise NotFound
        return member

    async def holding(self, roles: Collection[Role]) -> Sequence[Membership]:
        """The people who hold one of these roles and have not left, by name."""
        query = self.mine().where(col(Membership.role).in_(roles), col(Membership.user_id).is_not(None))
        query = query.where(col(Membership.left_at).is_(None)).order_by(func.lower(col(Membership.name)))
        return (await self.tx.session.exec(query)).all()

    async def some(self, ids: Collection[UUID]) -> Sequence[Membership]:
        """These memberships."""
        return (await self.tx.session.exec(self.mine().where(col(Membership.id).in_(ids)))).all()

    async def authors(self, ids: Iterable[UUID]) -> Sequence[tuple[UUID, UUID, str]]:
        """Who authors are, of those too who have left: (author, the member whose words it are, their name)."""
        claimant = aliased(Membership)
        query = (
            select(
                Membership.id,
                func.coalesce(claimant.id, Membership.id),
                func.coalesce(claimant.name, Membership.name),
            )
            .outerjoin(claimant, col(claimant.id) == col(Membership.claimed_by))
            .where(col(Membership.organization_id) == self.tx.actor.organization, col(Membership.id).in_(list(ids)))
        )
        return (await self.tx.session.exec(query)).all()

    async def claim(self, author_id: UUID, *, wanted: bool) -> bool:
        """Say that an author was oneself, or take it back; false when that was not to be had."""
        return bool(await self.tx.scalar(bool, CLAIM, {"author": author_id, "wanted": wanted}))

    async def imported(self, size: int, after: UUID | None) -> Sequence[Membership]:
        """Imported authors by name, from behind one on."""
        order = tuple_(func.lower(col(Membership.name)), col(Membership.id))
        imported = col(Membership.user_id).is_(None) & col(Membership.origin).contains(":")
        query = self.mine().where(imported).order_by(*order.clauses).limit(size)
        if after is not None:
            last = await self.get(after)
            query = query.where(order > tuple_(func.lower(last.name), last.id))
        return (await self.tx.session.exec(query)).all()

    async def of_person(self) -> Sequence[Membership]:
        """The person's memberships in all organizations that they have not left."""
        query = select(Membership).where(
            col(Membership.user_id) == self.tx.actor.person, col(Membership.left_at).is_(None)
        )
        return (await self.tx.session.exec(query)).all()

    async def active(self, membership_ids: Iterable[UUID]) -> set[UUID]:
        """Those of these who have not left and can sign in."""
        return {row.membership_id for row in await self.tx.rows(ACTIVE, {"members": [*membership_ids]})}

    async def emails(self) -> dict[UUID, str]:
        """The members' addresses; empty unless an administrator asks."""
        rows = await self.tx.rows(EMAILS, {"organization": self.tx.actor.organization})
        return {row.membership_id: row.email for row in rows}

    async def save(self) -> None:
        """Store changed roles and leavings now: the database keeps the last owner."""
        try:
            await self.tx.session.flush()
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) == NO_OWNER_LEFT:
                raise LastOwner from None
            raise


class Invitations(Repository[Invitation]):
    """The invitations of the organization; by their links, those of any."""

    model = Invitation

    async def all(self) -> Sequence[Invitation]:
        """The newest first."""
        query = self.mine().order_by(col(Invitation.created_at).desc(), col(Invitation.id).desc())
        return (await self.tx.session.exec(query)).all()

    async def look(self, token_hash: str) -> Any | None:
        """Where a valid link leads."""
        return (await self.tx.run(LOOK, {"hash": token_hash})).one_or_none()

    async def accept(self, token_hash: str, membership_id: UUID) -> Any | None:
        """Make the person a member by a valid link; a former membership is taken up again."""
        return (await self.tx.run(ACCEPT, {"hash": token_hash, "membership": membership_id})).one_or_none()
