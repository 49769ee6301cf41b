"""What a user agent says of a device, in words."""

import re

BROWSERS = (
    ("Edge", r"\bEdgA?/"), ("Opera", r"\bOPR/"), ("Samsung Internet", r"\bSamsungBrowser/"), ("Vivaldi", r"\bVivaldi/"),
    ("Firefox", r"\b(Firefox|FxiOS)/"), ("Chrome", r"(Chrome|CriOS)/"), ("Chromium", r"\bChromium/"),
    ("Safari", r"\bSafari/"), ("curl", r"^curl/"), ("a Python script", r"^(python|aiohttp)"),
)  # fmt: skip
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("macOS", "Mac OS X|Macintosh"), ("ChromeOS", "CrOS"), ("Linux", "Linux"),
)  # fmt: skip


def device(user_agent: str) -> tuple[str, str]:
    """The browser and the system that a user agent names."""
    browser = next((name for name, mark in BROWSERS if re.search(mark, user_agent)), "An unknown browser")
    system = next((name for name, mark in SYSTEMS if re.search(mark, user_agent)), "")
    return browser, system


def named(user_agent: str) -> str:
    """Both in one phrase: `Firefox on Linux`."""
    browser, system = device(user_agent)
    return f"{browser} on {system}" if system else browser
