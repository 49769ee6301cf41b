"""Where one is signed in, in words."""

import pytest

from dfworx.accounts.devices import device

MOZILLA = "Mozilla/5.0"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (f"{MOZILLA} (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", ("Firefox", "Linux")),
        (f"{MOZILLA} (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", ("Chrome", "Windows")),
        (f"{MOZILLA} (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", ("Edge", "Windows")),
        (
            f"{MOZILLA} (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1",
            ("Safari", "iPhone"),
        ),
        (f"{MOZILLA} (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", ("Chrome", "Android")),
        (f"{MOZILLA} (Macintosh; Intel Mac OS X 14_0) Version/18.0 Safari/605.1", ("Safari", "macOS")),
        ("curl/8.9.1", ("curl", "")),
        ("", ("An unknown browser", "")),
    ],
)
def test_a_user_agent_names_browser_and_system(user_agent, words):
    assert device(user_agent) == words
