"""Mail: one message to one person, in text and in HTML, by SMTP; called from jobs alone, because it takes its time."""

import logging
from email.message import EmailMessage
from email.utils import formataddr, formatdate, make_msgid
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

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


async def send(mail: Mail) -> bool:
    """Hand it to the SMTP server; false, with a line in the log, where there is none: a subject may be private."""
    if not settings().smtp_url:
        log.warning("not mailed, because DFWORX_SMTP_URL is empty: %s", mail.template)
        return False
    url = urlsplit(settings().smtp_url)
    await aiosmtplib.send(
        mail,
        hostname=url.hostname,
        port=url.port or PORTS[url.scheme],
        username=unquote(url.username) if url.username else None,
        password=unquote(url.password) if url.password else None,
        use_tls=url.scheme == "smtps",
        timeout=SECONDS,
    )
    return True
