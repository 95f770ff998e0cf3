"""What members may put into posts: the community's choice."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from fireside.activity.doors import actor_of
from fireside.conversation import queries
from fireside.conversation.actions import change_sharing
from fireside.conversation.forms import SharingForm
from fireside.lib.pages import page
from fireside.members.rights import require
from fireside.members.views.beside import beside_field
from fireside.members.views.community import also

also("/community/sharing", gettext_lazy("What members may put into posts"), "image")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sharing(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "community.change")
    now = queries.sharing()
    form = SharingForm(request.POST or None, initial={name: getattr(now, name) for name in SharingForm.base_fields})
    if request.method == "POST" and form.is_valid() and beside_field(form, lambda: change_sharing(actor, **form.cleaned_data)) is not None:
        messages.success(request, _("Kept."))
        return redirect("/community/sharing")
    return page(request, "conversation/sharing.html", status=422 if form.errors else 200, form=form)
