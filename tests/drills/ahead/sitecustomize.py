"""Five minutes ahead: Python imports this before anything else where this folder is on its path."""

import time
from datetime import datetime, timedelta

from dfworx.core import clock

AHEAD = timedelta(minutes=5)
_time, _time_ns, _now = time.time, time.time_ns, clock.now


def _later() -> datetime:
    return _now() + AHEAD


time.time = lambda: _time() + AHEAD.total_seconds()
time.time_ns = lambda: _time_ns() + int(AHEAD.total_seconds()) * 10**9
clock.now = _later
