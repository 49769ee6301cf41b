"""The composition root of the browser app: every slice's pages, the guard, the live layer, the API mounted."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import reflex as rx

from dfworx import wiring
from dfworx.api import create_api
from dfworx.channels import components as channels
from dfworx.channels import pages as _channels  # noqa: F401 - importing declares the pages
from dfworx.infra.database import dispose
from dfworx.infra.settings import settings
from dfworx.live.dispatcher import Dispatcher
from dfworx.live.hub import hub
from dfworx.live.reflex_feed import ReflexWire
from dfworx.messages import components as _messages  # noqa: F401
from dfworx.threads import pages as _threads  # noqa: F401
from dfworx.ui import page as ui
from dfworx.ui.guard import Guard, SocketIdentity

wiring.wire()
ui.sidebar.append(channels.sidebar_channels)

app = rx.App(
    api_transformer=[create_api(), SocketIdentity],
    stylesheets=["/tokens.css", "/app.css", "/markdown.css"],
)
app.add_middleware(Guard(), index=0)
for declared in ui.pages:
    app.add_page(
        partial(ui.component_of, declared),
        route=declared.route,
        title=declared.title,
        on_load=ui.entering(declared),
    )


@app.register_lifespan_task
@asynccontextmanager
async def live() -> AsyncIterator[None]:
    """Deliver frames and empty the outbox for as long as the server runs."""
    assert app.sio is not None  # noqa: S101 - Reflex sets it when there is state
    hub.wire = ReflexWire(app.sio)
    dispatcher = Dispatcher(settings().dispatcher_url, wiring.bus)
    wiring.told.append(dispatcher.written.set)
    tasks = [asyncio.create_task(work) for work in (hub.deliver_forever(), dispatcher.run())]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await dispatcher.engine.dispose()
        await dispose()
