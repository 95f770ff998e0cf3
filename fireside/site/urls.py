from django.urls import URLPattern, URLResolver, path

from fireside.site.views import data, doing, exports, home, jobs, look, retention, setup

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
    path("community/retention", retention.retention, name="retention"),
    path("me/data", data.data, name="my-data"),
    path("me/data/export", data.export, name="export-own"),
    path("me/data/<str:key>.zip", data.export_file, name="export-own-file"),
    path("me/data/erasure", data.erasure, name="erasure"),
    path("me/data/erasure/end", data.erasure_end, name="erasure-end"),
    path("people/<str:handle>/erasure", data.erase, name="erase-member"),
    path("cockpit/export", exports.exports, name="exports"),
    path("cockpit/export/<str:key>.zip", exports.export_file, name="export-file"),
    path("cockpit/export/<str:key>/end", exports.export_end, name="export-end"),
    path("cockpit/doing", doing.doing, name="doing"),
    path("cockpit/doing/lines/try", doing.lines_try, name="lines-try"),
    path("cockpit/doing/lines/<int:pk>/try", doing.line_try, name="line-try"),
    path("cockpit/doing/lines/<int:pk>/end", doing.line_end, name="line-end"),
    path("cockpit/doing/letters/<int:pk>/try", doing.letter_try, name="letter-try"),
    path("cockpit/doing/letters/<int:pk>/end", doing.letter_end, name="letter-end"),
]
