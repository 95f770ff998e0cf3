"""Showing once more that it is you with a code by e-mail, for accounts that have no second step."""

import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.views import BaseReauthenticateView
from allauth.core import ratelimit
from allauth.core.internal.cryptokit import compare_user_code
from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from fireside.members.actions.browsers import address_of
from fireside.members.forms.accounts import Worded
from fireside.members.sure import note_shown

SENT = "again_code"  # of the session: {"code", "at", "tries"}
LASTS, TRIES = 600, 3  # seconds, and wrong codes before another is needed


class CodeForm(Worded, forms.Form):
    code = forms.CharField(max_length=40)


@method_decorator([login_required, never_cache], name="dispatch")
class ByCode(BaseReauthenticateView):
    form_class = CodeForm
    template_name = "account/reauthenticate_code.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("action") != "send":
            return super().post(request, *args, **kwargs)  # type: ignore[no-any-return]
        to = address_of(request.user)  # type: ignore[arg-type]
        if not ratelimit.consume(request, action="request_login_code", key=to):
            answer: HttpResponse = ratelimit.respond_429(request)
            return answer
        code = get_adapter().generate_login_code()
        request.session[SENT] = {"code": code, "at": time.time(), "tries": 0}
        get_adapter().send_mail("members/email/again_code", to, {"code": code, "user": request.user})
        shown: HttpResponse = self.render_to_response(self.get_context_data(form=self.form_class()))
        return shown

    def form_valid(self, form: Any) -> HttpResponse:
        sent = self.request.session.get(SENT) or {}
        if not sent or time.time() - sent["at"] > LASTS or sent["tries"] >= TRIES:
            self.request.session.pop(SENT, None)
            form.add_error("code", _("This code counts no more. Ask for another."))
            return self.form_invalid(form)  # type: ignore[no-any-return]
        if not compare_user_code(actual=form.cleaned_data["code"], expected=sent["code"]):
            self.request.session[SENT] = sent | {"tries": sent["tries"] + 1}
            form.add_error("code", _("This is not the code. Look at the newest message, or ask for another."))
            return self.form_invalid(form)  # type: ignore[no-any-return]
        del self.request.session[SENT]
        note_shown(self.request, self.request.user, "code")
        return super().form_valid(form)  # type: ignore[no-any-return]

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        return {**super().get_context_data(**given), "sent": SENT in self.request.session, "to": address_of(self.request.user)}  # type: ignore[arg-type]


by_code = ByCode.as_view()
