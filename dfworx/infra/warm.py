"""The server's first process: it has the app loaded already, so that a worker that died is replaced at once."""

import ctypes
import gc
import importlib
import json
import multiprocessing
import os
import signal
import sys
import time
from pathlib import Path

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from dfworx.infra.settings import settings

LOGS = Path(__file__).with_name("granian_logs.json")
NOTICE_SECONDS = 0.7  # behind a proxy: it has noticed then that it should ask another server
GRACE_SECONDS = 22  # for what has begun: requests, jobs, the leases of both
PR_SET_PDEATHSIG = 1


def end_with_parent(number: int) -> None:
    """Even kill -9 of the process that started us leaves nothing behind that would hold the port (Linux only)."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)


class _Server(MPServer):
    """Granian that says so before it stops."""

    def shutdown(self, exit_code: int = 0) -> None:
        """First the workers tell whoever asks, then nobody is let in, then what has begun is finished."""
        for worker in self.wrks:
            if worker.is_alive():  # type: ignore[no-untyped-call]  # granian's
                os.kill(worker.inner.pid, signal.SIGUSR1)
        if settings().trusted_proxies:
            time.sleep(NOTICE_SECONDS)
        super().shutdown(exit_code)  # type: ignore[no-untyped-call]  # granian's


def serve(host: str, port: int, workers: int, app: str) -> None:
    """Serve until told to stop. Where processes can be forked, workers begin with what is loaded here."""
    if sys.platform == "linux":
        multiprocessing.set_start_method("fork")
        os.register_at_fork(after_in_child=lambda: end_with_parent(signal.SIGKILL))
        importlib.import_module(app.partition(":")[0])  # seconds; opens nothing
        gc.collect()
        gc.freeze()  # shared with the workers for as long as nobody touches it
    _Server(
        app,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=workers,
        backlog=4096,  # granian admits as many connections at once, and each open page is one
        workers_kill_timeout=GRACE_SECONDS,
        log_level=LogLevels.warning,
        log_dictconfig=json.loads(LOGS.read_text()),
        factory=True,
        respawn_failed_workers=True,
    ).serve()


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
