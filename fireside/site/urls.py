from django.urls import URLPattern, URLResolver, path

from fireside.site.views import home, jobs, look, setup

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("look", look.look, name="look"),
    path("setup", setup.setup, name="setup"),
    path("setup/start", setup.start, name="setup-start"),
    path("setup/bring", setup.bring, name="setup-bring"),
    path("setup/sample", setup.sample, name="setup-sample"),
    path("setup/enter", setup.enter, name="setup-enter"),
    path("setup/empty", setup.empty, name="setup-empty"),
    path("jobs/<int:pk>", jobs.job_page, name="job"),
    path("jobs/<int:pk>/now", jobs.job_now, name="job-now"),
    path("jobs/<int:pk>/stop", jobs.stop, name="job-stop"),
    path("jobs/<int:pk>/resume", jobs.resume, name="job-resume"),
]
