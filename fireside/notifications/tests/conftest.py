from collections.abc import Iterator
from typing import Any

import pytest

from fireside.lib.tests.mailbox import Mailbox


@pytest.fixture(scope="session")
def _mailbox() -> Iterator[Mailbox]:
    server = Mailbox().start()
    yield server
    server.stop()


@pytest.fixture
def mailbox(_mailbox: Mailbox, settings: Any) -> Mailbox:
    """A real SMTP server that takes what this house sends."""
    _mailbox.letters.clear()
    _mailbox.asked.clear()
    settings.MAIL, settings.EMAIL_HOST, settings.EMAIL_PORT = True, "127.0.0.1", _mailbox.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.DEFAULT_FROM_EMAIL = "fire@lantern.example"
    settings.ADDRESS = "https://lantern.example"
    return _mailbox
