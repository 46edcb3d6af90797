"""Addresses of this folder."""

from django.urls import path

from members.second_person import views

urlpatterns = [
    path("confirmations", views.confirmations, name="confirmations"),
    path("confirmations/<int:confirmation_id>", views.confirmation, name="confirmation"),
    path("confirmations/<int:confirmation_id>/answer", views.answer_confirmation, name="answer_confirmation"),
    path("confirmations/<int:confirmation_id>/yes", views.confirm_confirmation, name="confirm_confirmation"),
    path("confirmations/<int:confirmation_id>/no", views.decline_confirmation, name="decline_confirmation"),
    path(
        "confirmations/<int:confirmation_id>/withdrawal",
        views.withdraw_confirmation,
        name="withdraw_confirmation",
    ),
]
