"""The product's own server with one route more: INSERT and COMMIT, and nothing else."""

from typing import Any

from fastapi import FastAPI, Request
from sqlalchemy import text

from dfworx import dfworx
from dfworx.core import ids
from dfworx.infra.database import engine

INSERT = text("insert into bench.rows (id, source) values (:id, :source)")


async def put_row(request: Request) -> dict[str, str]:
    """What a durable write costs at the least: no identity, no policies, no live frames."""
    source = (await request.json())["source"]
    async with engine().begin() as connection:
        await connection.execute(INSERT, {"id": ids.new_id(), "source": source})
    return {"source": source}


def app() -> Any:
    """The factory that granian serves."""
    (api,) = [each for each in dfworx.app.api_transformer if isinstance(each, FastAPI)]  # type: ignore[union-attr]
    api.add_api_route("/bench/rows", put_row, methods=["POST"])
    return dfworx.app()
