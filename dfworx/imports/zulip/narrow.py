"""Zulip's own addresses: `#narrow/channel/ID-NAME/topic/TOPIC/near/MESSAGE` names a channel, a thread, a message."""

import re
from typing import NamedTuple
from urllib.parse import unquote

from dfworx.imports.zulip.escape import is_name

LONGEST_THREAD = 200
_NARROW = re.compile(
    r"/?#narrow/(?:stream|channel)/(?:\d{1,20}-)?(?P<channel>[^/?#]{1,400})"
    r"(?:/(?:topic|subject)/(?P<thread>[^/?#]{0,800}))?(?:/(?:near|with)/(?P<near>\d{1,20}))?/?"
)


class Narrow(NamedTuple):
    """What an address leads to; the channel's name with hyphens for its blanks."""

    channel: str
    thread: str
    message: str


def is_own(href: str) -> bool:
    """Whether an address leads somewhere within Zulip itself."""
    return href.startswith(("#narrow/", "/#narrow/"))


def narrow_of(href: str) -> Narrow | None:
    """What the address leads to, when that is a channel, a thread or a message."""
    found = _NARROW.fullmatch(href)
    if found is None or found["channel"].isdigit():
        return None
    return Narrow(_decoded(found["channel"]), _decoded(found["thread"] or ""), found["near"] or "")


def reference(channel: str, thread: str, message: str) -> str:
    """`#**channel>thread@id**`; empty when the names cannot stand in it."""
    if not is_name(channel) or ">" in channel or not is_thread(thread) or (message and not thread):
        return ""
    return f"#**{channel}{f'>{thread}' if thread else ''}{f'@{message}' if message else ''}**"


def is_thread(thread: str) -> bool:
    """Whether the title can stand in a reference, or is none."""
    return not re.search(r"\*\*|\*$|@\d+$|\n", thread) and len(thread) <= LONGEST_THREAD


def at_home(html: str, realm: str) -> str:
    """The HTML with the addresses of the realm as they are within it, and those that only the realm has as its own."""
    if not realm or ("#narrow/" not in html and "/user_uploads/" not in html):
        return html
    local = html.replace(f'href="{realm}/#narrow/', 'href="/#narrow/')
    return re.sub(r'\b(href|src)="/user_uploads/', lambda found: f'{found[1]}="{realm}/user_uploads/', local)


def _decoded(part: str) -> str:
    """Zulip writes `.20` for `%20`, and `.2E` for a dot."""
    return unquote(part.replace(".", "%")).strip()
