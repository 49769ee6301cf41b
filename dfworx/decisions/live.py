"""What open pages hear of decisions. The details differ from reader to reader, so a page is told that it is stale."""

from collections.abc import Iterable
from typing import Literal

from dfworx.decisions.events import DecisionDrafted, DecisionEvent, DecisionNamed, ThreadConfirmed
from dfworx.decisions.events_templates import TemplateEvent, TemplateMoved, TemplateRemoved
from dfworx.live.frames import Addressed, Frame, announces
from dfworx.organizations.events import MemberLeft, MemberRemoved, RoleChanged


@announces(*DecisionEvent.__subclasses__())
def changed(event: DecisionEvent) -> Iterable[Addressed]:
    """The decision as everybody sees it, to all who can see its channel: lists put it in place, its page asks anew.

    Whoever has the thread open that it was drawn from asks what became of it; whoever cannot see it is told nothing.
    """
    decision = event.decision
    yield Addressed(Frame(list="decisions", op="put", item=decision.model_dump(mode="json")), event.audience)
    yield Addressed(Frame(list="decision", op="stale", scope=str(decision.id)), event.audience)
    for replaced in getattr(event, "replaces", ()):
        yield Addressed(Frame(list="decision", op="stale", scope=str(replaced)), event.audience)
    if isinstance(event, DecisionDrafted) and event.source_thread_id:
        source = str(event.source_thread_id)
        yield Addressed(Frame(list="outcomes", op="stale", scope=source), (f"thread:{source}",))


@announces(MemberLeft, MemberRemoved, RoleChanged)
def has_gone(event: MemberLeft | MemberRemoved | RoleChanged) -> Iterable[Addressed]:
    """Inboxes ask whether what waited for them waits for somebody else now."""
    yield Addressed(Frame(list="decisions", op="stale"), (f"organization:{event.member.organization_id}",))


@announces(DecisionNamed)
def named(event: DecisionNamed) -> Iterable[Addressed]:
    """Its page asks where it is named; lists do not say that."""
    yield Addressed(Frame(list="decision", op="stale", scope=str(event.decision_id)), event.audience)


@announces(*TemplateEvent.__subclasses__())
def templates_changed(event: TemplateEvent) -> Iterable[Addressed]:
    """The template as it is now, with the one that it has passed, or that it is gone."""
    organization = str(event.template.organization_id)
    op: Literal["put", "drop"] = "drop" if isinstance(event, TemplateRemoved) else "put"
    for each in [event.template, event.passed] if isinstance(event, TemplateMoved) else [event.template]:
        frame = Frame(list="templates", op=op, scope=organization, item=each.model_dump(mode="json"))
        yield Addressed(frame, (f"organization:{organization}",))


@announces(ThreadConfirmed)
def looked_at(event: ThreadConfirmed) -> Iterable[Addressed]:
    """Whoever has the thread open asks whether anything in it is stale."""
    thread = str(event.thread_id)
    yield Addressed(Frame(list="decisions", op="stale", scope=thread), (f"thread:{thread}",))
