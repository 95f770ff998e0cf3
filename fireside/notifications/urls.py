from django.urls import path

from fireside.notifications import views

urlpatterns = [
    path("notices", views.notices),
    path("notices/bell", views.bell),
    path("notices/newest", views.newest),
    path("notices/read", views.read),
    path("notices/settings", views.settings),
    path("notices/<int:pk>/read", views.read_one),
    path("notices/<int:pk>", views.open_notice),
]
