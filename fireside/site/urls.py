from django.urls import URLPattern, URLResolver, path

from fireside.site.views import home, look

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("look", look.look, name="look"),
]
