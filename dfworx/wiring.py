"""The wiring: which slice answers the ground's questions, and who hears what. A composition root."""

from collections.abc import Callable, Sequence
from uuid import UUID

import dfworx.decisions.live
import dfworx.imports.live
import dfworx.messages.live
import dfworx.tags.live  # noqa: F401 - importing declares topics and frames
from dfworx.accounts import live as accounts_live
from dfworx.accounts import service_identity as identities
from dfworx.accounts.events import PersonRenamed, PresenceChanged, SessionRevoked, SessionsRevoked, TokenRevoked
from dfworx.admin.events import ServerAdminMade, ServerAdminUnmade, SettingChanged
from dfworx.audit import service as audit
from dfworx.channels import live as channels_live
from dfworx.channels.events import ChannelCreated, ChannelMemberAdded, ChannelMemberRemoved
from dfworx.core import denials
from dfworx.core.events import Event
from dfworx.decisions import service as decisions
from dfworx.decisions import service_aging as aging
from dfworx.decisions import service_demo as demo
from dfworx.decisions.events import DecisionDeprecated, DecisionSuperseded
from dfworx.flow import service as flow
from dfworx.infra import changed_settings
from dfworx.infra.database import Stored, listen, listeners
from dfworx.infra.settings import settings
from dfworx.live.bus import Bus, InProcessBus
from dfworx.live.hub import hub
from dfworx.live.presence import PeopleSeen, presence
from dfworx.live.valkey_bus import ValkeyBus
from dfworx.messages import service_notes as notes
from dfworx.messages.events import MessageDeleted, MessageEdited, MessagePosted
from dfworx.organizations import live as organizations_live
from dfworx.organizations import service as organizations
from dfworx.organizations.events import MemberJoined, MemberLeft, MemberRemoved, OrganizationCreated, RoleChanged
from dfworx.threads import live as threads_live
from dfworx.threads import service as threads
from dfworx.threads import service_reading as reading
from dfworx.threads.events import DemoRemoved, ThreadClosed, ThreadMoved, ThreadRenamed, ThreadReopened
from dfworx.web import identity

bus: Bus = ValkeyBus(hub.heal) if settings().valkey_url else InProcessBus()
told: list[Callable[[], None]] = []  # who wants to know that something was written here


def wire() -> None:
    """Connect everything; doing it twice changes nothing."""
    identity.resolver = identities.identify
    if _tell not in listeners.after_commit:
        listeners.after_commit.append(_tell)
        _wire_live()
    if audit.record not in listeners.always:
        listeners.always.append(audit.record)
    if audit.keeper.hear not in denials.hearers:
        denials.hearers.append(audit.keeper.hear)
    listen(PersonRenamed, organizations.follow_name)
    listen(ChannelCreated, threads.open_default)
    listen(MemberJoined, reading.start_reading)
    listen(OrganizationCreated, flow.furnish)
    listen(DemoRemoved, demo.let_go)
    listen(DemoRemoved, threads.delete_demo)  # after that
    for event in (ThreadRenamed, ThreadMoved, ThreadClosed, ThreadReopened):
        listen(event, notes.note)
    for ending in (DecisionSuperseded, DecisionDeprecated):
        listen(ending, aging.spread)
    for said in (MessagePosted, MessageEdited, MessageDeleted):
        listen(said, decisions.cite)


def _wire_live() -> None:
    """What open pages hear, and who loses a room when."""
    bus.subscribe(_look_anew)  # first: whoever loads anew must be looked at anew
    bus.subscribe(hub.hear)
    hub.react(ChannelCreated, channels_live.enter)
    hub.react(ChannelMemberAdded, channels_live.enter)
    hub.react(ChannelMemberRemoved, channels_live.lose)
    hub.react(ThreadMoved, threads_live.follow)
    hub.react(PresenceChanged, accounts_live.hide)
    hub.react(PeopleSeen, presence.note)
    for event in (RoleChanged, MemberRemoved, MemberLeft):
        hub.react(event, organizations_live.stand_anew)
    hub.react(SessionRevoked, accounts_live.end)
    hub.react(TokenRevoked, accounts_live.end_token)
    for ending in (SessionsRevoked, ServerAdminMade, ServerAdminUnmade):
        hub.react(ending, accounts_live.end_all)


def _tell(events: Sequence[Stored]) -> None:
    """Frames go out at once; the dispatcher then only clears the outbox."""
    for id_, event in events:
        bus.publish(id_, event)
    for look in told if events else ():
        look()


def _look_anew(_id: UUID, event: Event) -> None:
    """Forget the cached identities that an event has changed, whichever process wrote it."""
    match event:
        case SessionRevoked(session_id=id_) | TokenRevoked(token_id=id_):
            identities.forget(id_)
        case SessionsRevoked(user_id=id_) | PersonRenamed(user_id=id_) | OrganizationCreated(user_id=id_):
            identities.forget(id_)
        case ServerAdminMade(user_id=id_) | ServerAdminUnmade(user_id=id_):
            identities.forget(id_)
        case MemberJoined(member=m) | MemberLeft(member=m) | MemberRemoved(member=m) | RoleChanged(member=m):
            identities.forget(m.user_id or m.id)
        case SettingChanged():
            changed_settings.hear()
        case _:
            return
