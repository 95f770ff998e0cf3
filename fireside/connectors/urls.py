from django.urls import URLPattern, URLResolver, path

from fireside.connectors import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("cockpit/import", views.imports, name="imports"),
    path("cockpit/import/runs/<int:pk>", views.run, name="import-run"),
    path("cockpit/import/runs/<int:pk>/rejected.<str:form>", views.rejected, name="import-rejected"),
    path("cockpit/import/<str:importer>/<str:key>", views.check, name="import-check"),
]
