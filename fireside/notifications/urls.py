from django.urls import path

from fireside.notifications.views import bell, push, telling

urlpatterns = [
    path("notices", bell.notices),
    path("notices/bell", bell.bell),
    path("notices/newest", bell.newest),
    path("notices/read", bell.read),
    path("notices/settings", bell.settings),
    path("notices/<int:pk>/read", bell.read_one),
    path("notices/<int:pk>", bell.open_notice),
    path("me/telling", telling.telling, name="telling"),
    path("me/push", push.add, name="push_devices"),
    path("me/push/<int:pk>/end", push.end, name="end_push_device"),
    path("me/digest", telling.my_digest, name="my_digest"),
    path("people/<str:handle>/digest", telling.digest_of, name="digest_of"),
    path("people/<str:handle>/bounces/end", telling.forgive, name="forgive_bounces"),
    path("letters/stop/<str:link>", telling.stop, name="stop_letters"),
    path("cockpit/departures", telling.departures, name="departures"),
    path("cockpit/departures/bounces", telling.bounces, name="note_bounce"),
    path("cockpit/departures/defaults", telling.community_telling, name="community_telling"),
]
