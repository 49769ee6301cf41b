"""Templates over REST: by which rules an organization usually decides."""

from uuid import UUID

from fastapi import APIRouter

from dfworx.decisions import service_templates as templates
from dfworx.decisions.validators import Move, Template
from dfworx.decisions.views_templates import TemplateView
from dfworx.web.transactions import InTx

router = APIRouter(prefix="/organizations/{organization}/decision-templates", tags=["decisions"])


@router.get("")
async def list_templates(tx: InTx) -> list[TemplateView]:
    """The templates by which one proposes; the first one is taken where a proposal names none."""
    return await templates.all(tx)


@router.post("", status_code=201)
async def add_template(new: Template, tx: InTx) -> TemplateView:
    """Add a template; its name is unique."""
    return await templates.add(tx, new)


@router.put("/{template_id}")
async def change_template(template_id: UUID, template: Template, tx: InTx) -> TemplateView:
    """Let a template say something else; what was proposed by it stays as it was proposed."""
    return await templates.change(tx, template_id, template)


@router.post("/{template_id}/moves")
async def move_template(template_id: UUID, move: Move, tx: InTx) -> list[TemplateView]:
    """Let a template go up or down by one place; the first one is taken where a proposal names none."""
    return await templates.move(tx, template_id, move)


@router.delete("/{template_id}", status_code=204)
async def remove_template(template_id: UUID, tx: InTx) -> None:
    """Remove a template; the last one stays."""
    await templates.remove(tx, template_id)
