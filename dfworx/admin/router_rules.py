"""Rules over REST: the table, and why somebody may do something or not."""

from typing import Annotated

from fastapi import APIRouter, Query

from dfworx.admin import service_rules as rules
from dfworx.admin.validators_rules import RuleAsked
from dfworx.admin.views_rules import Explanation, PermissionTable
from dfworx.web.transactions import InTx, PersonTx

router = APIRouter(tags=["admin"])
server = APIRouter(prefix="/admin")
inside = APIRouter(prefix="/organizations/{organization}/admin")

Asked = Annotated[RuleAsked, Query()]


@server.get("/permissions")
async def get_permissions(tx: PersonTx) -> PermissionTable:
    """Which role may do what."""
    return rules.table(tx)


@server.get("/explanation")
async def explain_any(tx: PersonTx, asked: Asked) -> Explanation:
    """Whether a member of any organization may do something, and why."""
    return await rules.explain(tx, asked)


@inside.get("/permissions")
async def get_organization_permissions(tx: InTx) -> PermissionTable:
    """Which role may do what."""
    return rules.table(tx)


@inside.get("/explanation")
async def explain(tx: InTx, asked: Asked) -> Explanation:
    """Whether a member may do something, and why."""
    return await rules.explain(tx, asked)


router.include_router(server)
router.include_router(inside)
