"""The one port: a raw front that answers live updates, static files and health itself, and Django's pages behind it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fireside.settings")
wsgi = get_wsgi_application()

from fireside.serving.front import make  # noqa: E402  needs the apps

app = make(wsgi)
