"""How an organization usually decides: templates, and those that every organization begins with."""

from collections.abc import Sequence
from uuid import UUID, uuid5

from sqlalchemy import Index, func
from sqlalchemy import text as sql

from dfworx.decisions.validators import Rule
from dfworx.infra.tables import TenantModel

ALL = 100  # percent


class DecisionTemplate(TenantModel, table=True):
    """A rule by name. The quorum depends on how many are asked: a share of them, but at least so many."""

    __tablename__ = "decision_templates"
    __table_args__ = (
        Index("decision_templates_organization_id_name_key", "organization_id", func.lower(sql("name")), unique=True),
    )

    position: int
    name: str
    explanation: str = ""
    quorum_share: int = 50
    quorum_least: int = 1
    share: int = 0
    comment_hours: int = 72
    is_business_days: bool = False
    is_hidden: bool = False
    is_anonymous: bool = False

    def rule(self, asked: int) -> Rule:
        """The rule for so many who are asked; where nobody is named, the least is asked for."""
        quorum = max(self.quorum_least, -(-asked * self.quorum_share // ALL))
        same = self.model_dump(include=set(Rule.model_fields))
        return Rule.model_validate({**same, "quorum": min(quorum, asked) if asked else quorum})

    def is_said(self, rule: Rule, asked: int) -> bool:
        """Whether this is its rule for so many who are asked; options are compared beside that, or not."""
        return rule.model_copy(update={"ballot": ""}) == self.rule(asked)

    def change_places(self, other: "DecisionTemplate") -> None:
        """Each stands where the other one stood."""
        self.position, other.position = other.position, self.position


# Name, what it means, the share of those asked that answers, at least so many, and the share of yes that it takes.
BEGINNING = (
    ("Consent", "Half of those asked answer, and nobody has an open concern. Good enough for now.", 50, 1, 0),
    ("Advice", "Others are heard, the decider decides. Only a concern holds it.", 0, 0, 0),
    ("Consensus", "Everybody who is asked answers, and all agree.", 100, 1, 100),
    ("Majority", "Half of those asked answer, and more of them agree than disagree.", 50, 1, 50),
)


def beginning(organization_id: UUID) -> Sequence[DecisionTemplate]:
    """What an organization has until somebody changes it; their ids are the same each time."""
    return [
        DecisionTemplate(
            id=uuid5(organization_id, name), organization_id=organization_id, position=position, name=name,
            explanation=explanation, quorum_share=quorum_share, quorum_least=least, share=share,
        )
        for position, (name, explanation, quorum_share, least, share) in enumerate(BEGINNING, 1)
    ]  # fmt: skip
