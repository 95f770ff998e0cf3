"""Every address. Each app brings its own urls.py; the order here decides nothing."""

from django.urls import include, path

from fireside.api import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("", include("fireside.members.urls")),
    path("", include("fireside.notifications.urls")),
    path("", include("fireside.spaces.urls")),
    path("", include("fireside.conversation.urls")),
    path("", include("fireside.insights.urls")),
    path("", include("fireside.connectors.urls")),
    path("", include("fireside.site.urls")),
]
