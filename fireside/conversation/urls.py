from django.urls import URLPattern, URLResolver, path

from fireside.conversation import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("talk", views.talk),
    path("start", views.start),
    path("spaces/<str:slug>", views.space),
    path("spaces/<str:slug>/new", views.new_topic),
    path("t/<int:topic>", views.show_topic),
    path("t/<int:topic>/<int:number>", views.show_topic),
    path("t/<int:topic>/news", views.news),
    path("t/<int:topic>/composer", views.composer),
    path("t/<int:topic>/replies", views.replies),
    path("t/<int:topic>/closing", views.closing),
    path("t/<int:topic>/closing/end", views.closing_end),
    path("t/<int:topic>/question", views.question),
    path("t/<int:topic>/question/end", views.question_end),
    path("t/<int:topic>/acceptance/end", views.acceptance_end),
    path("t/<int:topic>/<int:number>/acceptance", views.acceptance),
    path("t/<int:topic>/<int:number>/helped", views.helped),
    path("t/<int:topic>/<int:number>/helped/end", views.helped_end),
    path("t/<int:topic>/<int:number>/reactions", views.reactions),
    path("t/<int:topic>/<int:number>/reactions/end", views.reactions_end),
    path("t/<int:topic>/<int:number>/edit", views.edit),
    path("t/<int:topic>/<int:number>/edits", views.edits),
    path("t/<int:topic>/<int:number>/removal", views.removal),
    path("t/<int:topic>/<int:number>/removal/end", views.removal_end),
    path("talk/preview", views.preview),
    path("talk/drafts", views.drafts),
    path("talk/drafts/end", views.drafts_end),
    path("talk/mentions", views.mentions),
]
