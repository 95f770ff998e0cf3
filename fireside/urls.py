"""Every address. Each app brings its own urls.py; the order here decides nothing, but where a line says so."""

from django.urls import include, path, re_path

from fireside.api import api, nothing_here

urlpatterns = [
    path("api/v1/", api.urls),
    re_path(r"^api/", nothing_here),
    path("", include("fireside.members.urls")),
    path("", include("fireside.notifications.urls")),
    path("", include("fireside.spaces.urls")),
    path("", include("fireside.conversation.urls")),
    path("", include("fireside.moderation.urls")),
    path("", include("fireside.connectors.urls")),  # its /cockpit/import before insights' /cockpit/NAME
    path("", include("fireside.site.urls")),  # its /cockpit/doing, too
    path("", include("fireside.insights.urls")),
    path("", include("fireside.serving.urls")),
]

handler400 = "fireside.site.views.refused.damaged"
handler403 = "fireside.site.views.refused.forbidden"
handler404 = "fireside.site.views.refused.missing"
handler429 = "fireside.site.views.refused.too_often"  # allauth asks for it by this name
handler500 = "fireside.site.views.refused.broken"
