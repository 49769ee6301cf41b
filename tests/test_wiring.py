"""The composition roots leave nobody out."""

import importlib
import sys
from pathlib import Path

import dfworx
from dfworx.wiring import wire

PACKAGE = Path(dfworx.__file__).parent


def test_every_slice_that_has_something_to_say_live_is_wired():
    wire()
    declared = {f"dfworx.{path.parent.name}.live" for path in PACKAGE.glob("*/live.py")}
    assert declared <= sys.modules.keys()


def test_every_slice_that_has_routes_is_in_the_api():
    api = importlib.import_module("dfworx.api")
    routers = {f"dfworx.{path.parent.name}.router" for path in PACKAGE.glob("*/router.py")}
    assert {name for name in routers if sys.modules[name].router in api.ROUTERS} == routers


def test_every_slice_that_has_pages_is_in_the_app():
    source = (PACKAGE / "dfworx.py").read_text()
    missing = [path.parent.name for path in PACKAGE.glob("*/pages.py") if f"dfworx.{path.parent.name}" not in source]
    assert missing == []
