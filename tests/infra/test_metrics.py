"""Metrics of several processes: counted in each, read in one."""

import os
import subprocess
import sys

COUNT = """
import sys
from dfworx.infra import metrics
metrics.SIGN_INS.labels("failed").inc(int(sys.argv[1]))
metrics.SOCKETS.set(int(sys.argv[1]))
metrics.REQUEST_SECONDS.labels("GET", "/x").observe(0.01)
if "read" in sys.argv:
    print(metrics.page().decode())
else:
    print("counted", flush=True)
    sys.stdin.read()
"""


def start(folder, *arguments: str) -> "subprocess.Popen[str]":
    """A process that counts."""
    return subprocess.Popen(
        [sys.executable, "-c", COUNT, *arguments],
        env={**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_what_each_counted_adds_up_and_the_dead_are_not_there_any_more(tmp_path):
    living, dying = start(tmp_path, "2"), start(tmp_path, "5")
    for process in (living, dying):
        assert process.stdout is not None
        assert process.stdout.readline() == "counted\n"
    dying.communicate("")
    text, _ = start(tmp_path, "1", "read").communicate("")
    living.communicate("")
    assert 'dfworx_sign_ins_total{outcome="failed"} 8.0' in text
    assert "dfworx_live_sockets 3.0" in text
    assert 'dfworx_request_seconds_count{method="GET",route="/x"} 3.0' in text
