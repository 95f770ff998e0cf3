from django.urls import path

from fireside.moderation import views

urlpatterns = [
    path("t/<int:topic>/<int:number>/report", views.report),
    path("reports", views.reports),
    path("reports/<int:case>", views.case),
    path("reports/<int:case>/reading", views.reading),
]
