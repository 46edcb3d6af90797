"""Signing in by a code that goes to a phone. Who is known reads the same as who is not."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.views import ConfirmLoginCodeView, RequestLoginCodeView
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from members.notices import sms
from members.signing_in.account_forms import PhoneSignInForm


class _AskForCode(RequestLoginCodeView):  # type: ignore[misc]
    template_name = "account/sign_in_by_phone.html"

    def get_form_class(self) -> type[PhoneSignInForm]:
        return PhoneSignInForm


class _EnterCode(ConfirmLoginCodeView):  # type: ignore[misc]
    """As allauth has it, but that a number which nobody has gets its new code as any other does: none."""

    def _resend_form_valid(self, form: Any) -> HttpResponse:
        if self._process.user is None and (phone := self._process.state.get("phone")):
            self._process.generate_code = lambda: get_adapter().send_unknown_account_sms(phone)
        answer: HttpResponse = super()._resend_form_valid(form)
        return answer


@login_not_required
def sign_in_by_phone(request: HttpRequest) -> HttpResponse:
    """Type a number: a code goes there, if it opens an account."""
    if sms.carrier() is None:
        return redirect("account_login")
    answer: HttpResponse = _AskForCode.as_view()(request)
    return answer


enter_code = _EnterCode.as_view()
