"""Behind a proxy that speaks TLS: secure cookies, HSTS, and one truth about who asks."""

import os
import subprocess
import sys

import pytest

from fireside.serving.tests.house import ROOT

pytestmark = pytest.mark.once
CODE = """
import django; django.setup()
from django.conf import settings
from django.http import HttpResponse
from django.middleware.security import SecurityMiddleware
from django.test import RequestFactory
from fireside.serving.rules import within
secure = SecurityMiddleware(lambda request: HttpResponse())(RequestFactory().get("/", secure=True))
from fireside.members.browsers import COOKIE
print(*sorted({name.rpartition("-")[0] for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, COOKIE)}), settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, secure.headers.get("Strict-Transport-Security"), within("127.0.0.1", settings.PROXIES))
"""


@pytest.mark.parametrize(
    ("address", "said"),
    [("https://community.example.org", "__Host True True max-age=31536000 True"), ("http://localhost:8000", " False False None False")],
)
def test_an_https_address_makes_everything_secure(tmp_path, address, said):
    env = {**os.environ, "FIRESIDE_DATA": str(tmp_path), "FIRESIDE_ADDRESS": address, "FIRESIDE_PROXIES": ""}
    assert subprocess.check_output([sys.executable, "-c", CODE], cwd=ROOT, env=env, text=True, timeout=120).strip("\n") == said
