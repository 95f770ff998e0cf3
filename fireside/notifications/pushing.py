"""Calling a browser: what is said is encrypted for it, signed by this house, and sent to the push service that it named."""

import ipaddress
import json
import socket
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from py_vapid import Vapid02
from pywebpush import WebPushException, webpush

from fireside.activity.outbox import Undeliverable
from fireside.notifications.models import PushDevice, PushKey

TIMEOUT = 10  # seconds
DAY = 24 * 3600  # a browser that is off for longer need not hear of it


class Gone(Exception):
    """The browser takes no calls any more."""


def call(device: PushDevice, key: PushKey, said: Mapping[str, Any], *, topic: str) -> None:
    """Raises Gone, Undeliverable where trying again is useless, anything else where it is not."""
    if not settings.PUSH_ANYWHERE:
        _outside(str(urlsplit(device.endpoint).hostname))
    session = requests.Session()
    session.max_redirects = 0  # a push service answers itself
    session.trust_env = False
    try:
        webpush(
            {"endpoint": device.endpoint, "keys": {"p256dh": device.p256dh, "auth": device.auth}},
            json.dumps(said, ensure_ascii=False), vapid_private_key=Vapid02.from_pem(key.private.encode()),
            vapid_claims={"sub": f"mailto:{settings.DEFAULT_FROM_EMAIL}"}, ttl=DAY, headers={"Urgency": "normal", "Topic": topic}, timeout=TIMEOUT,
            requests_session=session,
        )  # fmt: skip
    except WebPushException as no:
        status = no.status_code or 0
        if status in (404, 410):
            raise Gone from no
        if 400 <= status < 500 and status not in (408, 429):
            raise Undeliverable(f"the push service answered {status}") from no
        raise ConnectionError(f"the push service answered {status}") from no
    finally:
        session.close()


def _outside(host: str) -> None:
    """Only what lies outside: a name that leads into our own network is no push service."""
    for *_kind, address in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM):
        if not ipaddress.ip_address(str(address[0]).partition("%")[0]).is_global:
            raise Undeliverable("the push service lies inside")
