"""Addresses of this folder; of the library's pages the names stay the library's."""

from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from django.urls import path

from members.signing_in import own_views
from members.signing_in.addresses import address_views
from members.signing_in.language import set_language
from members.signing_in.numbers import number_views
from members.signing_in.step_up import after_step_up

HERE = "me/signing-in"
urlpatterns = [
    path("language", set_language, name="set_language"),
    path("me/step-up", own_views.step_up, name="step_up"),
    path(HERE, own_views.signing_in, name="signing_in"),
    path(HERE, own_views.signing_in, name="mfa_index"),
    path(HERE, own_views.signing_in, name="mfa_list_webauthn"),
    path(f"{HERE}/address", address_views.change_address, name="change_address"),
    path(f"{HERE}/address/code", address_views.prove_address, name="prove_address"),
    path("me/messages/number", number_views.give_number, name="give_number"),
    path("me/messages/number/confirmation", number_views.confirm_number, name="confirm_number"),
    path("me/messages/number/removal", number_views.remove_number, name="remove_number"),
    path("account/address/<str:token>", address_views.stop_address_change, name="stop_address_change"),
    path(f"{HERE}/app", after_step_up(app.activate_totp), name="mfa_activate_totp"),
    path(f"{HERE}/app/removal", after_step_up(app.deactivate_totp), name="mfa_deactivate_totp"),
    path(f"{HERE}/passkey", after_step_up(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path(f"{HERE}/passkey/<int:pk>/removal", after_step_up(passkeys.remove_webauthn), name="mfa_remove_webauthn"),
    path(f"{HERE}/recovery", after_step_up(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(f"{HERE}/recovery/new", after_step_up(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path(f"{HERE}/recovery/file", after_step_up(codes.download_recovery_codes), name="mfa_download_recovery_codes"),
    path(f"{HERE}/sessions/<int:session_id>/end", own_views.end_session, name="end_session"),
    path(f"{HERE}/sessions/end", own_views.end_other_sessions, name="end_other_sessions"),
]
