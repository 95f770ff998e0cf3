"""Oneself: profile, picture, tokens, devices, what one said elsewhere."""

from dataclasses import replace

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.contrib import messages
from django.contrib.auth import logout
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
from fireside.members import actions, letters, queries
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
    """Sign out one other device."""
    actor = actor_of(request)
    actions.end_session(actor, session=queries.get_session(actor.member, session_id))
    messages.success(request, _("That device is signed out."))
    return redirect("usersessions_list")


@login_required
@require_POST
def shut_out(request: HttpRequest) -> HttpResponse:
    """Everybody who is signed in as me, and I too."""
    actions.shut_out(actor_of(request))
    logout(request)
    messages.success(request, _("Everybody is signed out, you too, and tokens count no more. Sign in and choose a new password."))
    return redirect("account_login")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def not_me(request: HttpRequest, secret: str) -> HttpResponse:
    """By the link of a letter: it was not I who signed in. Everybody is signed out, and the password is chosen anew."""
    member = letters.whose_not_me(secret)
    if member is None:
        raise Refused(
            "link_over",
            _("This link has been used, or its time is over."),
            href="/accounts/password/reset/",
            act=_("Choose a new password"),
        )
    if request.method != "POST":
        return page(request, "members/not_me.html", member=member)
    actions.disown(replace(actor_of(request), who=member, surely=None))  # who holds the link holds the mailbox
    logout(request)
    return redirect("account_reset_password_from_key", uidb36=user_pk_to_url_str(member), key=default_token_generator.make_token(member))
