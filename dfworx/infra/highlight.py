"""Colors for code: Pygments' tokens, folded into the few classes that assets/markdown.css knows."""

import re
from collections.abc import Iterator
from functools import cache
from html import escape
from itertools import groupby

from pygments.lexer import Lexer  # type: ignore[import-untyped]
from pygments.lexers import get_lexer_by_name  # type: ignore[import-untyped]
from pygments.token import Token  # type: ignore[import-untyped]

LARGEST = 4_000  # characters of one block; many lexers are quadratic on hostile input, so this bounds the time
HEAVY = {"csharp": 700, "java": 2_000}

# Only what was timed on hostile input; some of the other lexers take minutes for a few thousand characters.
LANGUAGES = frozenset({
    "bash", "c", "clojure", "cmake", "cpp", "csharp", "css", "dart", "docker", "elixir", "elm", "erlang",
    "go", "graphql", "haskell", "html", "http", "ini", "java", "javascript", "json", "jsx", "julia", "kotlin",
    "lean", "lean4", "lua", "nginx", "nim", "perl", "php", "postgresql", "powershell", "protobuf", "python",
    "pytb", "r", "ruby", "rust", "scheme", "scss", "sql", "swift", "toml", "typescript", "tsx", "verilog",
    "xml", "yaml", "zig",
})  # fmt: skip
ALIASES = {
    "c#": "csharp", "c++": "cpp", "cs": "csharp", "clj": "clojure", "dockerfile": "docker", "golang": "go",
    "hs": "haskell", "js": "javascript", "kt": "kotlin", "patch": "diff", "postgres": "postgresql",
    "proto": "protobuf", "ps1": "powershell",
    "py": "python", "py3": "python", "python3": "python", "rb": "ruby", "rs": "rust", "sh": "bash", "shell": "bash",
    "svg": "xml", "traceback": "pytb", "ts": "typescript", "yml": "yaml", "zsh": "bash",
}  # fmt: skip

CLASSES = {
    Token.Keyword: "k",
    Token.Operator.Word: "k",
    Token.Name.Tag: "k",
    Token.Literal.String: "s",
    Token.Literal.Number: "m",
    Token.Comment: "c",
    Token.Name.Function: "f",
    Token.Name.Class: "f",
    Token.Name.Decorator: "f",
    Token.Name.Attribute: "f",
    Token.Generic.Error: "gd",
    Token.Generic.Heading: "f",
}
NAMES = frozenset({*CLASSES.values(), "gi"})

_DIFF = {"+": "gi", "-": "gd", "@": "f"}
_HOSTILE = re.compile(r"[^\n]{600}|\n[ \t\n]{120}")


def highlight(code: str, language: str) -> str | None:
    """The code as escaped HTML with a span for each colored stretch; nothing for unknown languages and odd input."""
    name = ALIASES.get(language.lower(), language.lower())
    if len(code) > HEAVY.get(name, LARGEST) or _HOSTILE.search(code):
        return None
    if name == "diff":
        return _diff(code)
    if name not in LANGUAGES:
        return None
    return "".join(_span(text, name) for text, name in _stretches(_lexer(name), code))


@cache
def _lexer(name: str) -> Lexer:
    return get_lexer_by_name(name, stripnl=False, ensurenl=False)


@cache
def _class(kind: object) -> str:
    """The class of a token type, or of the nearest ancestor that has one."""
    while kind is not None and kind not in CLASSES:
        kind = getattr(kind, "parent", None)
    return CLASSES.get(kind, "")


def _stretches(lexer: Lexer, code: str) -> Iterator[tuple[str, str]]:
    for name, tokens in groupby(lexer.get_tokens(code), key=lambda token: _class(token[0])):
        yield "".join(text for _, text in tokens), name


def _span(text: str, name: str) -> str:
    safe = escape(text, quote=False)
    return f'<span class="{name}">{safe}</span>' if name else safe


def _diff(code: str) -> str:
    # Pygments' lexer for diffs is quadratic in the length of a line
    return "\n".join(_span(line, _DIFF.get(line[:1], "")) for line in code.split("\n"))
