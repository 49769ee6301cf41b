"""Logs: every line, ours and the libraries', leaves one way: as JSON for programs, as words for a terminal."""

import logging
import re
import sys
from functools import cache, lru_cache
from typing import TextIO

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

from dfworx.core.correlation import correlation_id
from dfworx.infra.settings import HIDDEN, settings

QUIET = (
    "alembic", "procrastinate", "httpx", "httpcore", "aiosmtplib", "engineio", "socketio", "asyncio", "sqlalchemy",
    "dfworx.infra.database._Pool",
)  # fmt: skip
OURS = frozenset({"at", "level", "logger"})
LEFT_OUT = "[…]"
LONGEST = 4000  # characters of a value: a line of the log is no copy of what was sent
# What nobody may find in a log, wherever it came from; what is in `(…)` before it stays.
SECRETS = re.compile(
    r"""(?xi)
    (eyJ)[\w-]+\.[\w-]+\.[\w-]*                                       # a signed token
    | (://[^/:@\s]*:)[^@\s/]+(?=@)                                    # a password in an address
    | (\b(?:bearer|basic)\s+)[\w.~+/=-]+                              # what authorizes a request
    | (\bdfworx(?:_[a-z]+)*_)[\w-]{16,}                               # a token that is named as ours
    | (/(?:invitations|invite|join|reset-password|verify-email|verify)/)[^/\s?"']+
    | (\b[\w-]*(?:password|passwd|secret|token|cookie|api[_-]?key)["']?\s*[=:]\s*["']?)[^\s"'&,;}]+
    """
)
BREAKS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\x85\u2028\u2029]")


class Output(logging.StreamHandler[TextIO]):
    """Writes to what is standard error at the moment."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:
        """Standard error: tests and terminals replace it."""
        return sys.stderr

    @stream.setter
    def stream(self, _stream: TextIO) -> None:
        raise AttributeError("it is always standard error")


def configure() -> None:
    """Send what this process logs our way; doing it twice changes nothing."""
    root = logging.getLogger()
    if not any(isinstance(handler, Output) for handler in root.handlers):
        root.addHandler(output())
    root.setLevel(settings().log_level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def output() -> logging.Handler:
    """The handler; granian's processes name it in granian_logs.json."""
    handler = Output()
    handler.setFormatter(formatter())
    return handler


def formatter() -> logging.Formatter:
    """How a line is written."""
    is_json = settings().log_format == "json" or (settings().log_format == "auto" and not sys.stderr.isatty())
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_CHAIN,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *(_AS_JSON if is_json else _AS_WORDS)],
    )


def _say_request(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """The id of the request, event or job that it goes back to."""
    record = line.get("_record")
    known = getattr(record, "correlation_id", None) or correlation_id.get()
    if known and known != "-":
        line["correlation_id"] = known
    else:
        line.pop("correlation_id", None)
    return line


def _name_jobs(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """A job is its name and number; procrastinate would tell everything that it carries."""
    job = line.pop("job", None)
    for told in ("jobs", "context", "job_result", "message", "asctime"):  # the last two are another handler's
        line.pop(told, None)
    if isinstance(job, dict):
        line["job"], line["job_id"] = job.get("task_name"), job.get("id")
        line["event"] = f"{line.pop('action', 'job')}: {job.get('task_name')}"
        line["correlation_id"] = (job.get("task_kwargs") or {}).get("correlation", "")
    return line


def _neutral(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """No secret, no line break but of ours, nothing endless."""
    for key, value in line.items():
        if key == "exception":
            line[key] = "\n".join(f"  {_harmless(part)}" for part in str(value).splitlines())
        elif value is not None and not isinstance(value, int | float) and not key.startswith("_") and key not in OURS:
            line[key] = _harmless(str(value)[:LONGEST])
    return line


@lru_cache(maxsize=2048)  # the same few words stand in most lines
def _harmless(value: str) -> str:
    return BREAKS.sub(_escaped, scrub(value))


def _escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()


def scrub(value: str) -> str:
    """The text without what would open a door."""
    for secret in _known_secrets():
        value = value.replace(secret, LEFT_OUT)
    return SECRETS.sub(lambda found: f"{found[found.lastindex or 0]}{LEFT_OUT}", value)


@cache
def _known_secrets() -> tuple[str, ...]:
    """The settings that are secrets, and the passwords inside of addresses."""
    values = [str(getattr(settings(), name)) for name in HIDDEN]
    inside = [found[1] for value in values if (found := re.search(r"://[^/:@\s]*:([^@\s/]+)@", value))]
    return tuple(value for value in {*inside, settings().secret, settings().metrics_token} if len(value) > 5)  # noqa: PLR2004  # no words


_CHAIN: list[Processor] = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    _say_request,
    _name_jobs,
    structlog.processors.format_exc_info,
    _neutral,
]
_AS_JSON: list[Processor] = [structlog.processors.JSONRenderer(ensure_ascii=False)]
_AS_WORDS: list[Processor] = [
    structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback, timestamp_key="at"
    )
]
