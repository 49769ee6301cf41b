"""Figures over REST."""

from typing import Annotated

from fastapi import APIRouter, Query

from dfworx.admin import service_figures as figures
from dfworx.admin.validators_figures import FiguresAsked
from dfworx.admin.views_figures import OrganizationFigures, ServerFigures
from dfworx.web.transactions import InTx, PersonTx

router = APIRouter(tags=["admin"])
inside = APIRouter(prefix="/organizations/{organization}/admin/figures")


@router.get("/admin/figures")
async def get_server_figures(tx: PersonTx, asked: Annotated[FiguresAsked, Query()]) -> list[ServerFigures]:
    """The server in the last hour, day or 30 days."""
    return await figures.of_server(tx, asked)


@inside.get("")
async def get_organization_figures(tx: InTx) -> list[OrganizationFigures]:
    """The organization on each of the last 30 days."""
    return await figures.of_organization(tx)


router.include_router(inside)
