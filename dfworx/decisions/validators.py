"""What may come in for decisions."""

from datetime import date, datetime
from functools import lru_cache
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from dfworx.core.globs import is_glob
from dfworx.core.permissions import Role
from dfworx.core.texts import legible, one_line

MOST_EVIDENCE = 200
MOST_ASKED = 500
PersonsRole = Literal[Role.OWNER, Role.ADMIN, Role.MODERATOR, Role.MEMBER, Role.GUEST]


def _storable(value: str) -> str:
    if "\x00" in value:
        raise ValueError("contains a character that cannot be stored")
    return value.strip()


@lru_cache(maxsize=4096)
def _a_pattern(value: str) -> str:
    if not is_glob(value):
        raise ValueError("is no pattern as in .gitignore")
    return value


Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(one_line)]
Called = Annotated[Title, AfterValidator(legible)]  # what comes in; what is stored may be older than that rule
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60), AfterValidator(one_line)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(one_line)]
Text = Annotated[str, StringConstraints(max_length=20_000), AfterValidator(_storable)]
Reason = Annotated[str, StringConstraints(max_length=4_000), AfterValidator(_storable)]
Said = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4_000), AfterValidator(_storable)
]
Glob = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300), AfterValidator(one_line),
    AfterValidator(_a_pattern),
]  # fmt: skip
ChannelId = Annotated[str, BeforeValidator(lambda value: str(UUID(str(value))))]

State = Literal[
    "draft", "proposed", "final_comment", "accepted", "rejected", "withdrawn", "superseded", "deprecated"
]  # fmt: skip


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Option(_Form):
    """A considered option with what speaks for it, against it, and neither; markdown each (MADR 4.0)."""

    title: Title
    text: Text = ""
    pros: list[Reason] = Field(default_factory=list, max_length=30)
    cons: list[Reason] = Field(default_factory=list, max_length=30)
    neutral: list[Reason] = Field(default_factory=list, max_length=30)


class Content(_Form):
    """What a decision says: the headings of MADR 4.0, and what it is about."""

    title: Title
    context: Text = ""
    drivers: Text = ""
    options: list[Option] = Field(default_factory=list, max_length=20)
    chosen: Line = ""
    outcome: Text = ""
    consequences: Text = ""
    confirmation: Text = ""
    more: Text = ""
    paths: list[Glob] = Field(default_factory=list, max_length=50)
    channels: list[ChannelId] = Field(default_factory=list, max_length=50)
    consulted: Line = ""
    informed: Line = ""
    review_on: date | None = None


class _Written(Content):
    title: Called

    @model_validator(mode="after")
    def _tells_options_apart(self) -> Self:
        if len({option.title for option in self.options}) < len(self.options):
            raise ValueError("Two options have the same title.")
        return self


class NewDecision(_Written):
    """A decision to draft: its conversation stands in a channel.

    `supersedes`: numbers of records in force whose place it takes, once it is accepted.
    """

    channel_id: UUID
    supersedes: list[int] = Field(default_factory=list, max_length=20)


class Drawn(_Form):
    """A decision to draft out of a thread: with these messages as evidence, or with all of them."""

    title: Called | None = None
    message_ids: list[UUID] = Field(default_factory=list, max_length=MOST_EVIDENCE)
    channel_id: UUID | None = None  # where the thread stands, unless it is said


class Change(_Written):
    """Another text, and the version that it was made from."""

    version: int = Field(ge=1)


class Amendment(Change):
    """A corrected typing error of a record that is closed, and what was corrected."""

    note: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class Rule(_Form):
    """How it is decided: how many positions it takes, and which share has to agree.

    `share` is in percent of those who agree or disagree: 0 asks for none (consent), 50 for more than half, 100 for all.
    Hidden: who has not answered yet does not see how the others did. Anonymous: nobody sees whose position is whose.
    """

    quorum: int = Field(default=1, ge=0, le=500)
    share: int = Field(default=0, ge=0, le=100)
    comment_hours: int = Field(default=72, ge=0, le=24 * 60)
    is_business_days: bool = False
    is_hidden: bool = False
    is_anonymous: bool = False
    ballot: Literal["", "score", "ranked"] = ""


class Template(_Form):
    """A rule by name. The quorum is a percentage of those who are asked, but at least so many, as far as there are."""

    name: Name
    explanation: Line = ""
    quorum_share: int = Field(default=50, ge=0, le=100)
    quorum_least: int = Field(default=1, ge=0, le=500)
    share: int = Field(default=0, ge=0, le=100)
    comment_hours: int = Field(default=72, ge=0, le=24 * 60)
    is_business_days: bool = False
    is_hidden: bool = False
    is_anonymous: bool = False


class Move(_Form):
    """Which way a template goes, by one place."""

    to: Literal["up", "down"]


class Asked(_Form):
    """Whom a proposal asks: people, whoever holds one of some roles, the members of a channel.

    Roles and channels stand for the people that they are at the proposal, as far as those see the decision.
    """

    asked: list[UUID] = Field(default_factory=list, max_length=MOST_ASKED)
    asked_roles: list[PersonsRole] = Field(default_factory=list, max_length=5)
    asked_channel_id: UUID | None = None


class _OnText(_Form):
    """What is said about a text: another one by now is refused, where it is named by its version."""

    version: int | None = Field(default=None, ge=1)


class Proposal(Asked, _OnText):
    """Who is asked for a position, who decides what stays open, and by which rule, or which template (id or name).

    A rule beside a template goes before it: the record names the template where both say the same.
    Options are compared beside that, where the rule has a ballot: by score, or ranked.
    """

    decider_id: UUID | None = None
    template: UUID | Line | None = None
    rule: Rule | None = None
    supersedes: list[int] | None = Field(default=None, max_length=20)  # None: what the draft says


class Stand(_OnText):
    """One's position; disagreeing asks for a reason."""

    stand: Literal["agree", "abstain", "disagree"]
    reason: Reason = ""

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if self.stand == "disagree" and not self.reason:
            raise ValueError("Say why you disagree: the reason stays on the record.")
        return self


class Scores(_OnText):
    """From 0 (no) to 5 (yes) for some of the options, by their titles."""

    scores: dict[Title, Annotated[int, Field(ge=0, le=5)]] = Field(min_length=1, max_length=20)


class Ranking(_OnText):
    """Options by their titles, the best first; those that are left out come last together."""

    ranking: list[Title] = Field(min_length=1, max_length=20)


class NewConcern(_Form):
    """What has to be settled before this can be accepted."""

    title: Called
    source: Text = ""


class NewReply(_Form):
    """What to say about a concern: markdown."""

    source: Said


class Closing(_Form):
    """Why something ends; it stays on the record."""

    reason: Said


class Confirmation(_Form):
    """It still holds; when to look at it again, if it is a record: the date of anything else stays."""

    review_on: date | None = None


class Narrowing(BaseModel):
    """What the register is narrowed to: all of it has to fit.

    `status`: any of these. `title`: its words. `tag`: all of these. `path`: it governs any of these files. `channel`:
    it governs that, or its conversation stands there. `person`: decides, is asked or has drafted it. `since`, `until`:
    days (UTC) of the last step that counts: decided, else proposed, else drafted. `waiting`: for your position.
    """

    status: list[State] = Field(default_factory=list, max_length=20)
    title: str = Field(default="", max_length=200)
    tag: list[UUID] = Field(default_factory=list, max_length=20)
    path: list[str] = Field(default_factory=list, max_length=2000)
    channel: UUID | None = None
    person: UUID | None = None
    since: date | None = None
    until: Annotated[date | None, Field(lt=date.max)] = None
    stale: bool = False
    due: bool = False
    waiting: bool = False


class Sought(Narrowing):
    """The same, from one decision on."""

    cursor: UUID | None = None


PARTS: dict[str, dict[str, Any]] = {  # of the register, by what the address calls them
    "waiting": {"waiting": "true"},
    "open": {"status": ["proposed", "final_comment"]},
    "in-force": {"status": ["accepted"]},
    "due": {"due": "true"},
    "stale": {"stale": "true"},
    "drafts": {"status": ["draft"]},
    "timeline": {},
    "": {},
}
COUNTED = {part: part.replace("-", "_") or "all" for part in PARTS if part != "timeline"}  # as what it is counted


class Brought(_Form):
    """A record from elsewhere: where from, as what, by whom and when, with the number that it would like to keep."""

    origin: str
    content: Content
    status: Literal["draft", "proposed", "accepted", "rejected", "withdrawn", "superseded", "deprecated"]
    number: int | None = None
    day: datetime | None = None
    decider: Line = ""
    reason: Text = ""
    successor: str | None = None  # the origin of the record that took its place
