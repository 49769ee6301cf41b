"""Mail: one message to one person, in text and in HTML, by SMTP; called from jobs alone, because it takes its time."""

import logging
from email.message import EmailMessage
from email.utils import formataddr, formatdate, make_msgid
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit
from uuid import UUID

import aiosmtplib
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from dfworx.infra.settings import settings

log = logging.getLogger(__name__)

PACKAGE = Path(__file__).parents[1]
SECONDS = 20.0
PORTS = {"smtp": 587, "smtps": 465}


class Mail(EmailMessage):
    """A mail, and what it is made from."""

    template = ""


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(PACKAGE),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def compose(name: str, address: str, subject: str, template: str, **values: object) -> Mail:
    """A mail from `<template>.txt` and `<template>.html`, paths below the package such as `accounts/mails/reset`."""
    values |= {"name": name, "subject": subject, "origin": settings().origin}
    mail = Mail()
    mail.template = template
    mail["From"] = settings().mail_from
    mail["To"] = formataddr((name, address), "utf-8")
    mail["Subject"] = subject
    mail["Date"] = formatdate()
    mail["Message-ID"] = make_msgid(domain=urlsplit(settings().origin).hostname)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(_templates().get_template(f"{template}.txt").render(values))
    mail.add_alternative(_templates().get_template(f"{template}.html").render(values), subtype="html")
    return mail


class Record(Protocol):
    """Remembers that a mail was handed over, whatever dies meanwhile."""

    async def claim(self) -> bool:
        """Whether nobody has handed it over yet, or tried to: from now on somebody has, for everybody to see."""

    async def give_back(self) -> None:
        """The server does not want it: somebody may try again."""

    async def keep(self) -> None:
        """The server has it."""


class _AlreadyHandedOver(Exception):
    """Somebody has claimed it."""


class _Careful(aiosmtplib.SMTP):
    """Claims a mail between its envelope and its text: before the text a server has nothing, after it everything."""

    record: Record | None = None

    async def data(self, message: str | bytes, /, **options: Any) -> Any:
        """Hand over the text."""
        if self.record is None:
            return await super().data(message, **options)
        if not await self.record.claim():
            raise _AlreadyHandedOver
        try:
            answer = await super().data(message, **options)
        except aiosmtplib.SMTPResponseException:
            await self.record.give_back()
            raise
        await self.record.keep()
        return answer


async def send(mail: Mail, record: Record | None = None) -> bool:
    """Hand it to the SMTP server, with a record at most once; false, with a line in the log, where there is none.

    The line does not say the subject, which may be private.
    """
    if not settings().smtp_url:
        log.warning("not mailed, because DFWORX_SMTP_URL is empty: %s", mail.template)
        return False
    url = urlsplit(settings().smtp_url)
    client = _Careful(
        hostname=url.hostname,
        port=url.port or PORTS[url.scheme],
        username=unquote(url.username) if url.username else None,
        password=unquote(url.password) if url.password else None,
        use_tls=url.scheme == "smtps",
        timeout=SECONDS,
    )
    client.record = record
    try:
        async with client:
            await client.send_message(mail)
    except _AlreadyHandedOver:
        return False
    return True


def identify(mail: Mail, id_: UUID) -> Mail:
    """Let it have the same Message-ID each time: who gets it twice all the same is shown it once."""
    mail.replace_header("Message-ID", f"<{id_}@{urlsplit(settings().origin).hostname}>")
    return mail
