"""The composition root of the browser app: every slice's pages, the guard, the live layer, the API mounted."""

import asyncio
import gc
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import reflex as rx

from dfworx import wiring, worker
from dfworx.accounts import components as accounts
from dfworx.accounts import pages as _accounts  # noqa: F401 - importing declares the pages
from dfworx.admin import pages_audit as _admin_audit  # noqa: F401 - declares pages
from dfworx.admin import pages_jobs as _admin_jobs  # noqa: F401 - declares pages
from dfworx.admin import pages_organizations as _admin_organizations  # noqa: F401 - declares pages
from dfworx.admin import pages_overview as _admin_overview  # noqa: F401 - declares pages
from dfworx.admin import pages_people as _admin_people  # noqa: F401 - declares pages
from dfworx.admin import pages_rules as _admin_rules  # noqa: F401 - declares pages
from dfworx.admin import pages_settings as _admin_settings  # noqa: F401 - declares pages
from dfworx.api import create_api
from dfworx.audit import service as audit
from dfworx.channels import components as channels
from dfworx.channels import pages as _channels  # noqa: F401 - declares pages
from dfworx.decisions import components_inbox as inbox
from dfworx.decisions import components_talk as decisions
from dfworx.decisions import pages as _decisions  # noqa: F401 - declares pages
from dfworx.imports import pages as _imports  # noqa: F401 - declares pages
from dfworx.infra import changed_settings, metrics, valkey
from dfworx.infra.database import dispose
from dfworx.infra.settings import settings
from dfworx.live.hub import hub
from dfworx.live.presence import presence
from dfworx.live.reflex_feed import ReflexWire
from dfworx.live.valkey_bus import ValkeyBus
from dfworx.messages import components as _messages  # noqa: F401 - declares pages
from dfworx.organizations import components as organizations
from dfworx.organizations import pages as _organizations  # noqa: F401 - declares pages
from dfworx.organizations.state import Organizations
from dfworx.tags import pages as _tags  # noqa: F401 - declares pages
from dfworx.threads import pages as _threads  # noqa: F401 - declares pages
from dfworx.threads import pages_home as _home  # noqa: F401 - declares pages
from dfworx.ui import admin, failures
from dfworx.ui import page as ui
from dfworx.ui.guard import Guard, SocketIdentity
from dfworx.web.leaving import departure

LAST_SECONDS = 16.0  # for jobs that are being done when the server stops

wiring.wire()
ui.switcher.append(organizations.switcher)
ui.sidebar.extend([inbox.sidebar_link, decisions.sidebar_link, organizations.members_link, admin.entrance])
ui.sidebar.append(channels.sidebar_channels)
ui.sidebar.append(decisions.references)
ui.tabs.extend([organizations.talk_tab, inbox.tab, decisions.tab, organizations.members_tab, accounts.tab])
ui.loads.append(Organizations.load)

app = rx.App(
    api_transformer=[create_api(), SocketIdentity],
    stylesheets=["/tokens.css", "/app.css", "/markdown.css", "/decisions.css", "/tags.css"],
    head_components=failures.HEAD,
    backend_exception_handler=failures.handler_failed,
    app_wraps={(55, "ErrorBoundary"): failures.boundary},  # and no banner of Reflex's: every page has its own
    toaster=failures.toaster(),
    html_lang="en",
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
    forever = (hub.deliver_forever(), presence.watch(hub, wiring.bus), metrics.keep_fresh(), audit.keeper.keep(),
               changed_settings.keep_fresh())  # fmt: skip
    tasks = [asyncio.create_task(each) for each in forever]
    if isinstance(wiring.bus, ValkeyBus):
        tasks.append(asyncio.create_task(wiring.bus.run()))
    if settings().workers == 1:  # several have a process beside them for it
        tasks.append(work := asyncio.create_task(worker.work()))
        departure.told.append(work.cancel)  # jobs take as long to end as requests may
    if sys.platform != "win32":
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, departure.begin)  # see infra/warm.py
    gc.collect()
    gc.freeze()  # what was imported stays: looking through it again would stop everybody for a tenth of a second
    gc.set_threshold(700, 10, 100)  # and the pages' states are looked through ten times more rarely than by default
    try:
        yield
    finally:
        for task in tasks:
            if not task.cancelling():  # a second time would cut short what is being finished
                task.cancel()
        for late in (await asyncio.wait(tasks, timeout=LAST_SECONDS))[1]:
            late.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await valkey.dispose()
        await dispose()
