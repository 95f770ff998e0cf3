"""The community itself: how it presents itself, and by which clock it counts."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fireside.activity.doors import actor_of
from fireside.lib.pages import page
from fireside.members import actions, queries
from fireside.members.forms.community import SettingsForm
from fireside.members.rights import require
from fireside.members.views.beside import beside_field

ALSO: list[tuple[str, Any, str]] = []  # other settings of the community, brought by higher apps: address, words, icon
FIELDS = ("name", "purpose", "kind", "time_zone")


def also(address: str, words: Any, icon: str) -> None:
    """Name another page of settings on this one."""
    ALSO.append((address, words, icon))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def community(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "community.change")
    now = queries.get_community()
    initial = {field: getattr(now, field) for field in FIELDS} | {"languages": " ".join(now.languages)}
    form = SettingsForm(request.POST or None, initial=initial)
    if (
        request.method == "POST"
        and form.is_valid()
        and beside_field(form, lambda: actions.change_community(actor, **form.cleaned_data)) is not None
    ):
        messages.success(request, _("Kept."))
        return redirect("community")
    return page(request, "members/community.html", status=422 if form.errors else 200, form=form, also=ALSO)
