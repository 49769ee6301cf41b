"""Import contracts of our own, for import-linter: what a slice shows, in which order it is built, who may use what."""

import re
from collections.abc import Iterator
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

ROOT = "dfworx"
ROOTS = {"dfworx", "__main__", "api", "worker", "cli", "cli_admin", "tables", "wiring"}
GROUND = {"core", "infra", "web", "live", "ui"}
SHOWN = {"", "service", "views", "validators", "events", "errors"}
ANATOMY = (
    *("errors", "validators", "models", "views", "events", "policies", "repository", "service", "live"),
    *("router", "jobs", "state", "components", "pages"),
)


class _Contract(Contract):
    """Collects the imports that break it."""

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001  # the library's signature
        """Look at every import once."""
        broken = sorted(line for line in self.breaches(graph) if line)
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name each import that breaks it."""
        for line in check.metadata["broken"]:
            output.print_error(line)

    def breaches(self, graph: ImportGraph) -> Iterator[str]:
        """What is wrong, a line each."""
        raise NotImplementedError


def imports(graph: ImportGraph) -> Iterator[tuple[str, str]]:
    """Every direct import from a module of ours."""
    for module in graph.modules:
        if module.startswith(f"{ROOT}."):
            for imported in graph.find_modules_directly_imported_by(module):
                yield module, imported


def place(module: str) -> tuple[str, str]:
    """Storey and part: `dfworx.messages.components_composer` is ("messages", "components")."""
    parts = module.split(".")
    return parts[1], parts[2].split("_")[0] if len(parts) > 2 else ""


def is_slice(storey: str) -> bool:
    """Whether it is neither ground nor a composition root."""
    return storey not in GROUND | ROOTS


class SlicePrivacy(_Contract):
    """From another slice only its service, views, validators, events and errors."""

    def breaches(self, graph: ImportGraph) -> Iterator[str]:
        """Look at the imports between slices."""
        for importer, imported in imports(graph):
            if not imported.startswith(f"{ROOT}."):
                continue
            (here, _), (there, part) = place(importer), place(imported)
            if here not in ROOTS and is_slice(there) and here != there and part not in SHOWN:
                yield f"{importer} -> {imported}: a slice shows only {', '.join(sorted(filter(None, SHOWN)))}"


class SliceAnatomy(_Contract):
    """Inside a slice, a part imports only those that come before it."""

    def breaches(self, graph: ImportGraph) -> Iterator[str]:
        """Look at the imports inside slices."""
        for importer, imported in imports(graph):
            if not imported.startswith(f"{ROOT}."):
                continue
            (here, part), (there, other) = place(importer), place(imported)
            if here == there and is_slice(here) and _is_before(part, other):
                yield f"{importer} -> {imported}: {other} comes after {part}"


def _is_before(part: str, other: str) -> bool:
    return part in ANATOMY and other in ANATOMY and ANATOMY.index(part) < ANATOMY.index(other)


class OnlyIn(_Contract):
    """Some packages are used only in some places."""

    packages = fields.SetField(subfield=fields.StringField())
    places = fields.SetField(subfield=fields.StringField())  # regular expressions over module names

    def breaches(self, graph: ImportGraph) -> Iterator[str]:
        """Look at the imports of these packages."""
        packages: Any = self.packages
        places: Any = self.places
        for importer, imported in imports(graph):
            if imported.split(".")[0] in packages and not any(re.fullmatch(each, importer) for each in places):
                yield f"{importer} -> {imported}"
