"""A real SMTP server of the tests' own that keeps what arrives."""

import re
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from aiosmtpd.controller import Controller

from tests.ports import free_port


class Postbox:
    """What arrived at the SMTP server."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answer: Callable[[], str] = lambda: "250 kept"  # what it says when it has a mail

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802  # aiosmtpd calls it so
        self.mails.append(message_from_bytes(envelope.content, EmailMessage, policy=default))
        return self.answer()

    def link(self, kind: str) -> str:
        """The secret of the link of the last mail, which stands in the text and in the HTML."""
        mail = self.mails[-1]
        plain, html = (mail.get_body((part,)).get_content() for part in ("plain", "html"))  # type: ignore[union-attr]  # both are there
        found = re.findall(rf"/{kind}/([\w-]+)", plain)
        assert len(found) == 1
        assert f"/{kind}/{found[0]}" in html
        return found[0]


@pytest.fixture
def postbox(configured: Callable[..., None]) -> Iterator[Postbox]:
    """A real SMTP server that keeps everything."""
    box, port = Postbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    configured(SMTP_URL=f"smtp://127.0.0.1:{port}", MAIL_FROM="Acme <talk@acme.example>")
    yield box
    controller.stop()
