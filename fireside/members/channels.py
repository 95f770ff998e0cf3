"""How e-mail leaves the house."""

import re
import smtplib
from collections.abc import Callable, Mapping
from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from fireside.activity.outbox import Undeliverable, channel
from fireside.lib.text import one_line
from fireside.members import rules
from fireside.members.queries import the_community

# What became of a letter, for whoever keeps count: (address, "sent" | "soft" | "hard", what the other side said).
Heard = Callable[[str, str, str], None]
HEARD: list[Heard] = []


@channel("email")
def send_email(body: Mapping[str, Any], key: str) -> None:
    """Send {to, subject, text} by SMTP. The key is its Message-ID, so that a second copy is known as one by those who look."""
    post(to=body["to"], subject=body["subject"], text=body["text"], key=key)


def post(*, to: str, subject: str, text: str, key: str, html: str = "", headers: Mapping[str, str] | None = None) -> None:
    """Hand one letter to the SMTP server. Raises Undeliverable where trying again is useless, anything else where it is not."""
    if not settings.MAIL:
        raise Undeliverable("SMTP_HOST is not set: this house sends no e-mail.")
    community = the_community()
    sender = formataddr((one_line(community.name) if community else "Fireside", settings.DEFAULT_FROM_EMAIL))
    known = {"Message-ID": message_id(key), "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    message = EmailMultiAlternatives(one_line(subject), text, sender, [to], headers=known | dict(headers or {}))
    if html:
        message.attach_alternative(html, "text/html")
    try:
        message.send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as refused:
        code, words = _answer(refused)
        if of := rules.bounce_of(code, words):
            _tell(to, of, f"{code} {words}")
        if code >= 500:  # wrong for good; 4xx may pass
            raise Undeliverable(f"{code} {words}") from refused
        raise
    _tell(to, "sent", "")


def _answer(refused: smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) -> tuple[int, str]:
    """The code and the words of the other side. A letter has one recipient."""
    if isinstance(refused, smtplib.SMTPDataError):
        code, words = refused.smtp_code, refused.smtp_error
    else:
        code, words = next(iter(refused.recipients.values()), (0, b""))
    return code, words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)


def _tell(to: str, what: str, words: str) -> None:
    for heard in HEARD:
        heard(to, what, words.replace(to, "…"))


def message_id(key: str) -> str:
    """The same key is the same id, and no other one's. Of the signs that an id may not hold (`:` stands in most keys) their number stands there."""
    return f"<{re.sub(r'[^A-Za-z0-9_-]', lambda sign: f'={ord(sign[0]):x}=', key)}@{mail_host()}>"


def mail_host() -> str:
    """The host that letters come from: it stands in their ids."""
    return str(settings.DEFAULT_FROM_EMAIL).rpartition("@")[2].strip("> ")
