from django.urls import path

from fireside.serving import views

urlpatterns = [
    path("readyz", views.ready, name="ready"),
    path("limits", views.limits, name="limits"),
    path("metrics", views.metrics, name="metrics"),
]
