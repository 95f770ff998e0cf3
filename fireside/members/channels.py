"""How e-mail leaves the house."""

import smtplib
from collections.abc import Mapping
from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage

from fireside.activity.outbox import Undeliverable, channel
from fireside.lib.text import one_line
from fireside.members.queries import the_community


@channel("email")
def send_email(body: Mapping[str, Any], key: str) -> None:
    """Send {to, subject, text} by SMTP. The key is its Message-ID, so that a second copy is known as one by those who look."""
    if not settings.MAIL:
        raise Undeliverable("SMTP_HOST is not set: this house sends no e-mail.")
    community = the_community()
    sender = formataddr((one_line(community.name) if community else "Fireside", settings.DEFAULT_FROM_EMAIL))
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
    message = EmailMessage(
        one_line(body["subject"]),
        body["text"],
        sender,
        [body["to"]],
        headers={"Message-ID": f"<{key}@{host}>", "Auto-Submitted": "auto-generated"},
    )
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _words in refused.recipients.values()]
        if codes and all(500 <= code < 600 for code in codes):  # the address is wrong for good; 4xx may pass
            raise Undeliverable(str(refused.recipients)) from refused
        raise
