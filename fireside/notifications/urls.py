from django.urls import path

from fireside.notifications import views

urlpatterns = [
    path("notices", views.notices),
    path("notices/bell", views.bell),
    path("notices/read", views.read),
    path("notices/<int:pk>", views.open_notice),
]
