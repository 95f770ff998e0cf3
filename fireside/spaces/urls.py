from django.urls import path

from fireside.spaces import views

# /spaces/SLUG itself is served by conversation, which knows what is said there.
urlpatterns = [
    path("spaces", views.show_spaces),
    path("spaces/new", views.new_space),
    path("spaces/<str:slug>/settings", views.settings),
    path("spaces/<str:slug>/place", views.place),
    path("spaces/<str:slug>/group", views.group),
    path("spaces/<str:slug>/group/end", views.group_end),
    path("spaces/<str:slug>/board", views.board),
    path("spaces/<str:slug>/board/end", views.board_end),
    path("spaces/<str:slug>/closing", views.closing),
    path("spaces/<str:slug>/opening", views.opening),
    path("spaces/<str:slug>/people", views.people),
    path("spaces/<str:slug>/people/<str:handle>/end", views.person_end),
    path("spaces/<str:slug>/belonging", views.belonging),
    path("spaces/<str:slug>/belonging/end", views.belonging_end),
    path("spaces/<str:slug>/asks", views.asks),
    path("spaces/<str:slug>/asks/<int:ask>/entry", views.ask_entry),
    path("spaces/<str:slug>/asks/<int:ask>/answer", views.ask_answer),
    path("spaces/<str:slug>/asks/<int:ask>/end", views.ask_end),
    path("spaces/<str:slug>/organisers", views.organisers),
    path("spaces/<str:slug>/organisers/<str:handle>/end", views.organiser_end),
]
