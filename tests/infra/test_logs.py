"""Logs: one way for every line, with nothing in it that a line may not hold."""

import json
import logging
import sys

import pytest

from dfworx.infra import logs
from dfworx.infra.settings import settings

log = logging.getLogger("tests.logs")


@pytest.fixture
def said(capsys):
    """`said()`: the only line that was written."""
    logs.configure()

    def read():
        (line,) = capsys.readouterr().err.splitlines()
        return json.loads(line)

    return read


def test_a_line_is_json_with_what_it_is_about(said):
    log.info("a thread was read", extra={"count": 7})
    line = said()
    assert (line["event"], line["level"], line["logger"], line["count"]) == (
        "a thread was read",
        "info",
        "tests.logs",
        7,
    )


def test_a_line_break_of_somebody_else_makes_no_second_line(said):
    log.warning("refused: %s", "x\r\n2026 INFO all is well\u2028\x1b[2J", extra={"agent": "a\nb"})
    line = said()
    assert line["event"] == r"refused: x\r\n2026 INFO all is well\u2028\x1b[2J"
    assert line["agent"] == r"a\nb"


def test_on_a_terminal_a_trace_is_indented(capsys, monkeypatch):
    monkeypatch.setenv("DFWORX_LOG_FORMAT", "console")
    settings.cache_clear()
    handler = logs.output()
    try:
        int("bad\n2026-11-25 [info] forged")
    except ValueError:
        record = log.makeRecord("x", logging.ERROR, "f", 1, "failed", (), sys.exc_info())
    handler.handle(record)
    monkeypatch.undo()
    settings.cache_clear()
    first, *rest = capsys.readouterr().err.splitlines()
    assert "failed" in first
    assert all(line.startswith("  ") for line in rest)


@pytest.mark.parametrize(
    ("said_", "kept"),
    [
        ("postgresql://app:hunter22@db/x", "postgresql://app:[…]@db/x"),
        ("Authorization: Bearer abc.def-ghi", "Authorization: Bearer […]"),
        ("{'cookie': 'dfworx=abc'}", "{'cookie': '[…]'}"),
        ("GET /api/v1/invitations/Zm9v_x-1/acceptance", "GET /api/v1/invitations/[…]/acceptance"),
        ("GET /_event?token=abc-123&EIO=4", "GET /_event?token=[…]&EIO=4"),
        ('{"password": "hunter22"}', '{"password": "[…]"}'),
        ("eyJhbGciOi.eyJzdWIi.c2ln", "eyJ[…]"),
        ("a token bucket, a secret garden", "a token bucket, a secret garden"),
    ],
)
def test_a_secret_is_left_out(said_, kept):
    assert logs.scrub(said_) == kept


def test_a_job_is_its_name_and_number(said):
    job = {"id": 3, "task_name": "accounts.mail_reset", "task_kwargs": {"payload": {"x": "y"}, "correlation": "r-1"}}
    extra = {"action": "job_error", "job": job}
    logging.getLogger("procrastinate.worker").error("Job accounts.mail_reset[3](payload=…)", extra=extra)
    line = said()
    assert (line["event"], line["job_id"], line["correlation_id"]) == ("job_error: accounts.mail_reset", 3, "r-1")
    assert "payload" not in str(line)
