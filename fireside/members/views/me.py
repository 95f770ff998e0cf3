"""Oneself: profile, picture, tokens, devices, what one said elsewhere."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from fireside.activity.doors import actor_of
from fireside.lib.errors import Refused
from fireside.lib.pages import page
from fireside.members import actions, queries
from fireside.members.actions.profile import FIELDS
from fireside.members.forms.profile import ProfileForm, TokenForm
from fireside.members.models import Member
from fireside.members.rights import SCOPES, may
from fireside.members.views.beside import beside_field

MADE = "tokens_made"  # of the session: the forms that have made their token


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    member: Member = actor.member
    form = ProfileForm(request.POST or None, initial={field: getattr(member, field) for field in FIELDS})
    if (
        request.method == "POST"
        and form.is_valid()
        and beside_field(form, lambda: actions.change_profile(actor, **form.cleaned_data)) is not None
    ):
        messages.success(request, _("Kept."))
        return redirect("me")
    return page(
        request, "members/me.html", status=422 if form.errors else 200, form=form, member=member, card=queries.card_of(member),
        claimable=queries.claimable_by_email(member), person=queries.other_person(member),
        may_change=may(member, "community.change"),
    )  # fmt: skip


@login_required
@require_POST
def picture(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if "remove" in request.POST:
        actions.remove_picture(actor)
    else:
        given = request.FILES.get("picture")
        if given is None:
            raise Refused("picture_missing", _("Choose a picture first."))
        actions.set_picture(actor, picture=given.read())
    return redirect("me")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The list; making one shows its secret on the page that answers, and never again. That page loaded anew makes no second one."""
    actor = actor_of(request)
    form, secret, once = TokenForm(request.POST or None), "", request.POST.get("once", "")[:40]
    if once and once in request.session.get(MADE, []):
        messages.info(request, _("This token was made already, and was shown once."))
        return redirect("tokens")
    if (
        request.method == "POST"
        and form.is_valid()
        and (made := beside_field(form, lambda: actions.make_token(actor, **form.cleaned_data)))
    ):
        form, secret = TokenForm(), made[1]
        request.session[MADE] = [*request.session.get(MADE, []), once][-20:]
    return page(
        request, "members/tokens.html", status=422 if form.errors else 200, form=form, secret=secret,
        tokens=queries.tokens_of(actor.member), now=actor.now, scopes=SCOPES, once=get_random_string(16),
    )  # fmt: skip


@login_required
@require_POST
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    actor = actor_of(request)
    actions.revoke_token(actor, token=queries.get_token(actor.member, token_id))
    messages.success(request, _("The token no longer counts."))
    return redirect("tokens")


@login_required
@require_POST
def end_device(request: HttpRequest, session_id: int) -> HttpResponse:
    """Sign out one other device. The session is allauth's, so is its end."""
    session = UserSession.objects.filter(pk=session_id, user=request.user).first()
    if session is not None and not session.is_current():
        session.end()
        messages.success(request, _("That device is signed out."))
    return redirect("usersessions_list")
