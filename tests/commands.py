"""Commands as a person gives them, in this process."""

import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from unittest.mock import patch

import pytest

from dfworx import cli


def says(*arguments: object) -> tuple[object, str]:
    """How `python -m dfworx …` ends, and what it says."""
    said, given = io.StringIO(), ["dfworx", *map(str, arguments)]
    with (
        patch.object(sys, "argv", given),
        redirect_stdout(said),
        redirect_stderr(said),
        pytest.raises(SystemExit) as end,
    ):
        cli.main()
    return end.value.code, said.getvalue().strip()
