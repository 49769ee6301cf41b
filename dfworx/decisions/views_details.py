"""What may go out about one decision as a whole."""

from uuid import UUID

from pydantic import BaseModel

from dfworx.decisions.validators import Option
from dfworx.decisions.views import DecisionView
from dfworx.decisions.views_aging import StaleView
from dfworx.decisions.views_evidence import CitationView, EvidenceView
from dfworx.decisions.views_protocol import ConcernView, PersonView, PositionView, TallyView
from dfworx.tags.views import TagView


class GovernedChannel(BaseModel):
    """A channel that a decision governs, for whoever sees it."""

    id: UUID
    name: str


class OptionText(BaseModel):
    """What an option's markdown looks like, and whether it is the chosen one."""

    title: str
    text: str
    pros: list[str]
    cons: list[str]
    neutral: list[str]
    is_chosen: bool


class DecisionDetails(DecisionView):
    """A decision with all that belongs to it; markdown and what it looks like (`html`, `options_html`).

    `replaces`: whose place it takes once it is accepted; `contested_by`: open proposals that would take its place;
    `named_by`: decisions whose text names it.
    """

    channel_id: UUID
    channel: str
    source_thread_id: UUID | None
    author: str
    decider: str
    context: str
    drivers: str
    options: list[Option]
    chosen: str
    outcome: str
    consequences: str
    confirmation: str
    more: str
    html: dict[str, str]
    options_html: list[OptionText]
    paths: list[str]
    channels: list[UUID]
    governs: list[GovernedChannel]
    template: str
    comment_hours: int
    is_business_days: bool
    is_hidden: bool
    is_anonymous: bool
    ballot: str
    consulted: str
    informed: str
    closing: str
    asked: list[PersonView]
    positions: list[PositionView]
    concerns: list[ConcernView]
    evidence: list[EvidenceView]
    tally: TallyView
    supersedes: list[DecisionView]
    replaces: list[DecisionView]
    contested_by: list[DecisionView]
    successor: DecisionView | None
    cited_in: list[CitationView]
    named_by: list[DecisionView]
    stale: list[StaleView]
    is_due: bool
    is_imported: bool
    tags: list[TagView]
    may: dict[str, bool]
