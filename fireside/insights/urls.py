from django.urls import URLPattern, URLResolver, path

from fireside.insights import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("cockpit", views.cockpit, name="cockpit"),
    path("cockpit/<str:name>", views.metric, name="metric"),
    path("cockpit/<str:name>/people", views.behind, name="evidence"),
    path("cockpit/<str:name>/csv", views.as_csv, name="metric-csv"),
]
