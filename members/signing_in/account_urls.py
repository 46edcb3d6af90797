"""The part of allauth that a site without passwords needs; the names stay allauth's."""

from allauth.account import views
from allauth.mfa.base.views import authenticate
from allauth.mfa.webauthn.views import login_webauthn
from django.urls import path
from django.views.generic import RedirectView

from members.signing_in.numbers.phone_views import enter_code, sign_in_by_phone
from members.signing_in.views import sign_out

urlpatterns = [
    path("sign-in/", views.request_login_code, name="account_login"),
    path("sign-in/", views.request_login_code, name="account_request_login_code"),
    path("sign-in/phone/", sign_in_by_phone, name="sign_in_by_phone"),
    path("sign-in/code/", enter_code, name="account_confirm_login_code"),
    path("sign-in/key/", authenticate, name="mfa_authenticate"),
    path("sign-in/passkey/", login_webauthn, name="mfa_login_webauthn"),
    path("join/", views.signup, name="account_signup"),
    path("verify/", views.email_verification_sent, name="account_email_verification_sent"),
    path("sign-out/", sign_out, name="account_logout"),
    path("email/", RedirectView.as_view(pattern_name="me"), name="account_email"),  # where allauth sends the verified
    path("inactive/", views.account_inactive, name="account_inactive"),
]
