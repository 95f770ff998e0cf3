"""The web door of members: sign-in, people, oneself, who is who."""

from allauth.account import views as account
from allauth.decorators import rate_limit
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path

from fireside.lib.errors import NotFound
from fireside.members.views import again, blocks, community, identities, me, people


def login_code(request: HttpRequest) -> HttpResponse:
    """allauth leaves this address out where no e-mail is sent; here it is decided when it is asked."""
    from allauth.account import app_settings

    if not app_settings.LOGIN_BY_CODE_ENABLED:
        raise NotFound()
    return account.request_login_code(request)  # type: ignore[no-any-return]


urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/login/code/", rate_limit(action="login")(login_code), name="account_request_login_code"),
    path("accounts/reauthenticate/code/", again.by_code, name="account_reauthenticate_code"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/ways/", include("allauth.mfa.urls")),
    path("accounts/sessions/", include("allauth.usersessions.urls")),
    path("community", community.community, name="community"),
    path("people", people.people, name="people"),
    path("people/tend", identities.tend, name="tend"),
    path("people/tend/rights", identities.rights, name="rights"),
    path("people/<str:handle>", people.person, name="person"),
    path("people/<str:handle>/role", people.role, name="role"),
    path("people/<str:handle>/identity", identities.identity, name="identity"),
    path("people/<str:handle>/merge/<str:other>", identities.merge, name="merge"),
    path("people/<str:handle>/parting", identities.part, name="part"),
    path("people/<str:handle>/bot", identities.bot, name="bot"),
    path("people/<str:handle>/claim-link", identities.offer, name="offer_claim"),
    path("people/<str:handle>/password-link", identities.offer_password, name="offer_password"),
    path("people/<str:handle>/block", blocks.block, name="block"),
    path("people/<str:handle>/block/end", blocks.block_end, name="block_end"),
    path("me/blocked", blocks.blocked, name="blocked"),
    path("claim/<str:secret>", identities.claim, name="claim"),
    path("pictures/<str:name>", people.picture, name="picture"),
    path("me", me.me, name="me"),
    path("me/picture", me.picture, name="my_picture"),
    path("me/tokens", me.tokens, name="tokens"),
    path("me/tokens/<int:token_id>/revoked", me.revoke, name="revoke_token"),
    path("me/devices/<int:session_id>/end", me.end_device, name="end_device"),
    path("me/devices/end", me.shut_out, name="shut_out"),
    path("not-me/<str:secret>", me.not_me, name="not_me"),
    path("me/claims", identities.claim_by_email, name="claim_by_email"),
]
