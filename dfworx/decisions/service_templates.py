"""The verbs of templates: by which rules an organization usually decides."""

from collections.abc import Sequence
from uuid import UUID

from dfworx.core.errors import Invalid, NotFound
from dfworx.core.permissions import Verb
from dfworx.decisions.errors import LastTemplate, TemplateNameTaken
from dfworx.decisions.events_templates import TemplateAdded, TemplateChanged, TemplateMoved, TemplateRemoved
from dfworx.decisions.models_templates import DecisionTemplate, beginning
from dfworx.decisions.repository_ledger import Ledger
from dfworx.decisions.repository_templates import DecisionTemplates
from dfworx.decisions.validators import Move, Proposal, Rule, Template
from dfworx.decisions.views_templates import TemplateView
from dfworx.infra.database import CONFLICTS, Tx, violates


async def all(tx: Tx) -> list[TemplateView]:  # noqa: A001 - it is called as `templates.all`
    """The templates of the organization, the one that is taken unless somebody says so first."""
    tx.actor.must(Verb.READ)
    return [TemplateView.of(row) for row in await _there(tx)]


async def called(tx: Tx, wanted: UUID | str | None) -> DecisionTemplate:
    """The template of this id or name, whatever the case; the first one where none is named."""
    rows = await _there(tx)
    for row in rows:
        if wanted is None or row.id == wanted or row.name.lower() == str(wanted).lower():
            return row
    raise Invalid(f"There is no template “{wanted}”.")


async def applied(tx: Tx, proposal: Proposal, asked: int) -> tuple[Rule, str]:
    """By which rule a proposal is decided, and what its template is called: nothing, where the rule is its own."""
    if proposal.rule and proposal.template is None:
        return proposal.rule, ""
    template = await called(tx, proposal.template)
    rule = proposal.rule or template.rule(asked)
    return rule, template.name if template.is_said(rule, asked) else ""


async def still(tx: Tx, name: str, rule: Rule, asked: int) -> str:
    """The same name, as long as its template says this rule: somebody may have changed it just now."""
    is_so = name and any(row.name == name and row.is_said(rule, asked) for row in await _there(tx))
    return name if is_so else ""


async def add(tx: Tx, new: Template) -> TemplateView:
    """Another way to decide, after those that there are."""
    tx.actor.must(Verb.MANAGE_TEMPLATES)
    rows = await _kept(tx)
    row = DecisionTemplate(
        organization_id=tx.actor.organization,
        created_at=tx.now,
        position=rows[-1].position + 1,
        **new.model_dump(),
    )
    view = await _stored(tx, row)
    tx.emit(TemplateAdded(template=view))
    return view


async def change(tx: Tx, template_id: UUID, template: Template) -> TemplateView:
    """Let it say something else; what was proposed by it stays as it was proposed."""
    tx.actor.must(Verb.MANAGE_TEMPLATES)
    row = _one_of(await _kept(tx), template_id)
    before = TemplateView.of(row)
    for name, value in template.model_dump().items():
        setattr(row, name, value)
    view = await _stored(tx, row)
    if view != before:
        tx.emit(TemplateChanged(template=view))
    return view


async def move(tx: Tx, template_id: UUID, move: Move) -> list[TemplateView]:
    """Let it change places with the one before or after it, as far as there is one; gives all in their order."""
    tx.actor.must(Verb.MANAGE_TEMPLATES)
    rows = list(await _kept(tx))
    row = _one_of(rows, template_id)
    here = rows.index(row)
    there = here + (-1 if move.to == "up" else 1)
    if 0 <= there < len(rows):
        passed = rows[there]
        rows[here], rows[there] = passed, row
        row.change_places(passed)
        await tx.session.flush()
        tx.emit(TemplateMoved(template=TemplateView.of(row), passed=TemplateView.of(passed)))
    return [TemplateView.of(each) for each in rows]


async def remove(tx: Tx, template_id: UUID) -> None:
    """Propose nothing by it any more; one stays."""
    tx.actor.must(Verb.MANAGE_TEMPLATES)
    rows = await _kept(tx)
    row = _one_of(rows, template_id)
    if len(rows) == 1:
        raise LastTemplate
    view = TemplateView.of(row)
    await DecisionTemplates(tx).remove(row)
    tx.emit(TemplateRemoved(template=view))


async def _there(tx: Tx) -> Sequence[DecisionTemplate]:
    return await DecisionTemplates(tx).all() or beginning(tx.actor.organization)


async def _kept(tx: Tx) -> Sequence[DecisionTemplate]:
    """All of them, stored before the first change; whoever else changes some waits at the organization's register."""
    await Ledger(tx).register()
    rows = await DecisionTemplates(tx).all()
    if rows:
        return rows
    return [await DecisionTemplates(tx).add(row) for row in beginning(tx.actor.organization)]


def _one_of(rows: Sequence[DecisionTemplate], template_id: UUID) -> DecisionTemplate:
    row = next((row for row in rows if row.id == template_id), None)
    if row is None:
        raise NotFound
    return row


async def _stored(tx: Tx, row: DecisionTemplate) -> TemplateView:
    try:
        await DecisionTemplates(tx).add(row)
    except CONFLICTS as error:
        if violates(error, "decision_templates_organization_id_name_key"):
            raise TemplateNameTaken from None
        raise
    return TemplateView.of(row)
