"""The doctor at the neighbors': Valkey and the mail server."""

import smtplib
from collections.abc import Iterator
from urllib.parse import urlsplit

from redis import Redis
from redis.exceptions import RedisError

from dfworx.infra.doctor.finding import Finding, better, worse
from dfworx.infra.doctor.machine import is_here
from dfworx.infra.mail import PORTS
from dfworx.infra.settings import Settings

SECONDS = 5.0


def valkey(settings: Settings) -> Iterator[Finding]:
    """Whether it answers, and whether only we can talk to it."""
    if not settings.valkey_url:
        yield better("valkey", "none, and one server process needs none")
        return
    url = urlsplit(settings.valkey_url)
    client = Redis.from_url(settings.valkey_url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS)
    try:
        client.ping()
    except (RedisError, OSError) as error:
        says = f"{url.hostname}:{url.port or 6379} does not answer ({error})"
        yield worse("valkey", says, "start it, or correct DFWORX_VALKEY_URL", fails=True)
        return
    finally:
        client.close()
    if not url.password and not is_here(url.hostname):
        says = f"{url.hostname} asks for no password, and whoever can write to it can run code here"
        yield worse("valkey", says, "give it one, and name it in DFWORX_VALKEY_URL", fails=settings.is_production)
    else:
        yield better("valkey", f"{url.hostname}:{url.port or 6379} answers")


def mail(settings: Settings) -> Iterator[Finding]:
    """Whether the mail server can be reached; nothing is sent."""
    if not settings.smtp_url:
        yield better("mail", "none is sent: DFWORX_SMTP_URL is empty, and links are handed over by hand")
        return
    url = urlsplit(settings.smtp_url)
    host, port = str(url.hostname), url.port or PORTS[url.scheme]
    kind = smtplib.SMTP_SSL if url.scheme == "smtps" else smtplib.SMTP
    try:
        with kind(host, port, timeout=SECONDS) as smtp:
            smtp.ehlo()
            is_private = url.scheme == "smtps" or smtp.has_extn("starttls") or is_here(host)
    except (OSError, smtplib.SMTPException) as error:
        says = f"{host}:{port} does not answer ({error})"
        yield worse("mail", says, "correct DFWORX_SMTP_URL; mail waits meanwhile", fails=True)
        return
    if url.username and not is_private:
        says = f"{host}:{port} offers no TLS, so the password in DFWORX_SMTP_URL travels in clear"
        yield worse("mail", says, "use smtps://, or another port")
    else:
        yield better("mail", f"{host}:{port} answers")
