"""The one port: a raw front that answers live updates, static files and health itself, and Django's pages behind it."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fireside.settings")
django.setup(set_prefix=False)

from fireside.serving.front import make  # noqa: E402  needs the apps
from fireside.serving.handler import Handler  # noqa: E402

wsgi = Handler()
app = make(wsgi)
