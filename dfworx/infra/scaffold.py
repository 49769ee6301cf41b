"""A new slice: the files that every one begins with, ready to be made one's own."""

import re
import subprocess
import sys
from pathlib import Path
from string import Template

from dfworx.infra.settings import SettingsError

ROOT = Path(__file__).parents[2]
TEMPLATE = Path(__file__).with_name("slice_template")


def write_slice(name: str, root: Path = ROOT) -> list[Path]:
    """Write the files of the slice `name`, a plural noun; the paths, relative to `root`."""
    if not re.fullmatch(r"[a-z][a-z_]*s", name):
        raise SettingsError(f"{name}: a slice is a plural noun in small letters, such as `polls`")
    if (root / "dfworx" / name).exists():
        raise SettingsError(f"{name}: there is such a slice already")
    words = _words(name)
    written = [_write(source, root, name, words) for source in sorted(TEMPLATE.rglob("*.txt"))]
    for verb in (["check", "--quiet", "--select=I", "--fix"], ["format", "--quiet"]):  # their order follows the name
        subprocess.run([sys.executable, "-m", "ruff", *verb, *written], cwd=root, check=True)
    return written


def what_is_left(name: str) -> str:
    """What only a person can decide."""
    return f"""Now:
- a migration with the table dfworx.{name}, its policies and grants, and its place in the matrix of row-level security;
- dfworx/tables.py imports {name}.models, dfworx/api.py includes its router;
- its storey in pyproject.toml ([tool.importlinter]), its verbs in core/permissions.py, its events in docs/."""


def _words(name: str) -> dict[str, str]:
    one = f"{name[:-3]}y" if name.endswith("ies") else name[:-1]
    return {"slices": name, "slice": one, "Slices": _class(name), "Slice": _class(one)}


def _class(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def _write(source: Path, root: Path, name: str, words: dict[str, str]) -> Path:
    part = source.relative_to(TEMPLATE).with_suffix("")
    target = Path("tests", name, part.name) if part.parts[0] == "tests" else Path("dfworx", name, part)
    (root / target).parent.mkdir(parents=True, exist_ok=True)
    (root / target).write_text(Template(source.read_text()).substitute(words))
    return target
