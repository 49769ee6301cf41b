"""House rules that no other linter knows, over the syntax trees of the product: `python -m tests.lints`."""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = ("dfworx", "alembic")


@dataclass(frozen=True)
class Source:
    """A parsed file."""

    path: str
    tree: ast.Module

    def calls(self) -> Iterator[ast.Call]:
        """Every call in it."""
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))

    def imports(self) -> Iterator[tuple[ast.AST, str]]:
        """Every module that it imports, and every name from one, in full."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node, alias.name) for alias in node.names)
            if isinstance(node, ast.ImportFrom) and node.module:
                yield node, node.module
                yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


@dataclass(frozen=True)
class Breach:
    """A place that breaks a rule."""

    path: str
    line: int
    rule: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}"


Rule = Callable[[Source], Iterator[ast.AST]]
rules: dict[str, tuple[Rule, tuple[str, ...]]] = {}


def rule(sentence: str, *, but: tuple[str, ...] = ()) -> Callable[[Rule], Rule]:
    """Register a rule; it does not hold in the files whose paths begin with one of `but`."""

    def register(find: Rule) -> Rule:
        rules[sentence] = (find, but)
        return find

    return register


def name_of(node: ast.AST) -> str:
    """The dotted name of an expression, as far as it is one."""
    if isinstance(node, ast.Attribute):
        return f"{name_of(node.value)}.{node.attr}"
    if isinstance(node, ast.Name):
        return node.id
    return name_of(node.func) if isinstance(node, ast.Call) else ""


@rule("handlers are marked by @action, transactions opened by acting()", but=("dfworx/ui/doors.py",))
def bare_handlers(source: Source) -> Iterator[ast.AST]:
    """Whatever Reflex offers that goes round the guard's mark or our transactions."""
    banned = {"rx.event", "rx.session", "rx.asession", "rx.background", "reflex.event", "reflex.session"}
    yield from (n for n in ast.walk(source.tree) if isinstance(n, ast.Attribute) and name_of(n) in banned)
    names = {"reflex.event", "reflex.session", "reflex.asession", "reflex.background"}
    yield from (node for node, imported in source.imports() if imported in names and isinstance(node, ast.ImportFrom))


@rule(
    "only transaction() begins and commits", but=("dfworx/infra/database.py", "alembic/", "dfworx/live/dispatcher.py")
)
def commits(source: Source) -> Iterator[ast.AST]:
    """A commit by hand loses the claims, the events, or both."""
    for call in source.calls():
        if isinstance(call.func, ast.Attribute):
            is_begin = call.func.attr in {"begin", "begin_nested"} and "session" in name_of(call.func.value).lower()
            if call.func.attr == "commit" or is_begin:
                yield call


@rule("engines are made in infra", but=("dfworx/infra/", "alembic/"))
def engines(source: Source) -> Iterator[ast.AST]:
    """An engine of one's own knows no row-level security."""
    makers = {"create_engine", "create_async_engine", "sessionmaker", "async_sessionmaker"}
    yield from (call for call in source.calls() if name_of(call.func).rpartition(".")[2] in makers)


@rule("pages by keyset: an offset costs more the further one reads")
def offsets(source: Source) -> Iterator[ast.AST]:
    """`.offset(…)`, and OFFSET in a text."""
    for call in source.calls():
        if isinstance(call.func, ast.Attribute) and call.func.attr == "offset":
            yield call
        if _is_sql(call):
            words = (n for n in ast.walk(call) if isinstance(n, ast.Constant) and isinstance(n.value, str))
            yield from (n for n in words if re.search(r"\boffset\b", str(n.value), re.IGNORECASE))


@rule("SQL is written out: values are parameters, never parts of the text")
def made_up_sql(source: Source) -> Iterator[ast.AST]:
    """An f-string, %, + or .format() in text(…)."""
    for call in source.calls():
        if _is_sql(call) and call.args and _is_put_together(call.args[0]):
            yield call


@rule("people read sentences of ours, never the text of an exception")
def shown_exceptions(source: Source) -> Iterator[ast.AST]:
    """toast(str(error)), toast(f"… {error}")."""
    caught = {n.name for n in ast.walk(source.tree) if isinstance(n, ast.ExceptHandler) and n.name}
    for call in source.calls():
        if name_of(call.func).rpartition(".")[2] == "toast":
            for argument in call.args:
                if isinstance(argument, ast.Name) and argument.id in caught:
                    yield call
                yield from _shows(argument, caught)


@rule("faces go through the service: no models, no repository")
def faces(source: Source) -> Iterator[ast.AST]:
    """Routers, jobs, states, components and pages of slices."""
    part = Path(source.path).stem.split("_")[0]
    if part in {"router", "jobs", "state", "components", "pages"}:
        for node, imported in source.imports():
            if imported.startswith("dfworx.") and imported.split(".")[2:3] in (["models"], ["repository"]):
                yield node


@rule("uploads are routes of ours: rx.upload acts as whoever's token is shown, and knows no limit")
def uploads(source: Source) -> Iterator[ast.AST]:
    """rx.upload and its family."""
    names = {"rx.upload", "rx.upload_files", "rx.get_upload_url", "rx.get_upload_dir"}
    yield from (n for n in ast.walk(source.tree) if isinstance(n, ast.Attribute) and name_of(n) in names)


@rule("markdown is made on the server: rx.markdown lets raw HTML through")
def raw_markdown(source: Source) -> Iterator[ast.AST]:
    """rx.markdown and use_raw."""
    for call in source.calls():
        if name_of(call.func) == "rx.markdown" or any(keyword.arg == "use_raw" for keyword in call.keywords):
            yield call


@rule("scripts are not built from text: the content security policy refuses them")
def scripts(source: Source) -> Iterator[ast.AST]:
    """rx.script, rx.call_script, rx.call_function and Reflex's toasts need eval; the place of toasts does not."""
    names = {"rx.script", "rx.call_script", "rx.call_function", "rx.run_script", "rx.toast"}
    toasts = {f"rx.toast.{tone}" for tone in ("success", "error", "info", "warning", "dismiss")}
    yield from (call for call in source.calls() if name_of(call.func) in names | toasts)


@rule("the time comes from core.clock, ids from core.ids", but=("dfworx/core/",))
def clocks(source: Source) -> Iterator[ast.AST]:
    """datetime.now, utcnow and uuid4 cannot be replaced in tests, and do not sort."""
    names = {"datetime.now", "datetime.utcnow", "uuid4", "uuid.uuid4"}
    yield from (call for call in source.calls() if name_of(call.func) in names)


def _is_sql(call: ast.Call) -> bool:
    return name_of(call.func).rpartition(".")[2] in {"text", "literal_column"}


def _is_put_together(node: ast.AST) -> bool:
    is_format = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format"
    return is_format or isinstance(node, ast.JoinedStr | ast.BinOp)


def _shows(argument: ast.AST, caught: set[str]) -> Iterator[ast.AST]:
    for node in ast.walk(argument):
        if isinstance(node, ast.FormattedValue) and isinstance(node.value, ast.Name) and node.value.id in caught:
            yield node
        is_text = isinstance(node, ast.Call) and name_of(node.func) in {"str", "repr"}
        if is_text and any(isinstance(each, ast.Name) and each.id in caught for each in ast.iter_child_nodes(node)):
            yield node


def breaches(path: str, text: str) -> list[Breach]:
    """What a file breaks."""
    source = Source(path, ast.parse(text))
    found = [
        Breach(path, getattr(node, "lineno", 0), sentence)
        for sentence, (find, but) in rules.items()
        if not path.startswith(but or ("\0",))
        for node in find(source)
    ]
    return sorted(set(found), key=lambda breach: (breach.path, breach.line, breach.rule))


def main() -> int:
    """Look at the whole product; 1 when a rule is broken."""
    paths = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
    found = [each for path in paths for each in breaches(str(path.relative_to(ROOT)), path.read_text())]
    for each in found:
        print(each)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
