"""Joining rooms: each topic has one rule, in the slice that owns it, and no rule means no."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from dfworx.core.errors import NotFound, Refusal
from dfworx.infra.database import Tx
from dfworx.live.frames import Frame
from dfworx.live.hub import Hub, Socket

Rule = Callable[[Tx, UUID], Awaitable[str]]
RuleForAll = Callable[[Tx, Collection[UUID]], Awaitable[dict[UUID, str]]]
Wish = Callable[[Tx, str], Awaitable[set[str]]]


@dataclass(frozen=True)
class Missed:
    """What has changed in a topic since a version, and the version that one is at then."""

    frames: list[Frame]
    version: int
    has_more: bool


Memory = Callable[[Tx, UUID, int], Awaitable[Missed]]

_memories: dict[str, Memory] = {}
_rules: dict[str, Rule] = {}
_together: dict[str, RuleForAll] = {}
_wishes: list[Wish] = []


def admits(kind: str) -> Callable[[Rule], Rule]:
    """Mark the rule of a kind of topic: it refuses, or gives the place with which the right can be lost."""

    def register(rule: Rule) -> Rule:
        _rules[kind] = rule
        return rule

    return register


def admits_together(kind: str) -> Callable[[RuleForAll], RuleForAll]:
    """Mark the rule for many topics of a kind at once: those that it admits, each with its place."""

    def register(rule: RuleForAll) -> RuleForAll:
        _together[kind] = rule
        return rule

    return register


def remembers(kind: str) -> Callable[[Memory], Memory]:
    """Mark what says what has changed in a kind of topic since a version."""

    def register(memory: Memory) -> Memory:
        _memories[kind] = memory
        return memory

    return register


async def missed(tx: Tx, topic: str, version: int) -> Missed:
    """What has changed in a topic since a version."""
    kind, _, id_ = topic.partition(":")
    return await _memories[kind](tx, UUID(id_), version)


def wishes(wish: Wish) -> Wish:
    """Mark what says which topics a page at an address wants."""
    _wishes.append(wish)
    return wish


async def wanted(tx: Tx, path: str) -> set[str]:
    """The topics that a page at `path` wants to hear of."""
    return set().union(*[await wish(tx, path) for wish in _wishes])


async def join(hub: Hub, socket: Socket, tx: Tx, topic: str) -> None:
    """Join a room as the actor of the transaction, if the topic's rule admits it."""
    kind, _, id_ = topic.partition(":")
    if kind not in _rules:
        raise NotFound
    losses = -1
    while losses != hub.losses:  # somebody lost a room while we asked: it may have been this one
        losses = hub.losses
        scope = await _rules[kind](tx, UUID(id_))
    hub.join(socket, topic, scope)


async def stay_only(hub: Hub, socket: Socket, tx: Tx, topics: set[str]) -> bool:
    """Be in exactly these rooms: leave the others, join the missing ones; what is refused is left out.

    Whether any was missing: then what was on the screen before may have missed something.
    """
    for topic in socket.topics - topics:
        hub.leave(socket, topic)
    missing = topics - socket.topics
    is_anew = bool(missing)
    for kind in _together:
        many = {topic for topic in missing if topic.startswith(f"{kind}:")}
        await _join_all(hub, socket, tx, kind, [UUID(topic.partition(":")[2]) for topic in many])
        missing -= many
    for topic in missing:
        try:
            await join(hub, socket, tx, topic)
        except Refusal:
            continue
    return is_anew


async def _join_all(hub: Hub, socket: Socket, tx: Tx, kind: str, ids: list[UUID]) -> None:
    """Join those of these rooms that the rule of their kind admits."""
    losses, scopes = -1, dict[UUID, str]()
    while ids and losses != hub.losses:  # as above
        losses = hub.losses
        scopes = await _together[kind](tx, ids)
    for id_, scope in scopes.items():
        hub.join(socket, f"{kind}:{id_}", scope)
