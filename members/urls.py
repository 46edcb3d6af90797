"""Addresses of this room."""

from django.urls import path

from members import confirmation_views, contact_preference_views, contact_views, data_views, hours_views, views
from members.language import set_language

urlpatterns = [
    path("language", set_language, name="set_language"),
    path("me", views.me, name="me"),
    path("me/availability", hours_views.change_availability, name="change_availability"),
    path("me/other-hours", hours_views.work_otherwise, name="work_otherwise"),
    path("me/other-hours/<int:other_hours_id>/removal", hours_views.work_as_usual, name="work_as_usual"),
    path("me/leave", hours_views.take_leave, name="take_leave"),
    path("me/leave/<int:leave_id>/giving-back", hours_views.give_back_leave, name="give_back_leave"),
    path("me/data", data_views.my_data, name="my_data"),
    path("me/data/export", data_views.export_data, name="export_data"),
    path("me/data/erasure", data_views.erase_me, name="erase_me"),
    path("me/messages", contact_preference_views.reach, name="reach"),
    path("messages/no-list/<str:token>", contact_preference_views.no_list, name="no_list"),
    path("me/messages/number", contact_preference_views.give_number, name="give_number"),
    path("me/messages/number/confirmation", contact_preference_views.confirm_number, name="confirm_number"),
    path("me/messages/number/removal", contact_preference_views.remove_number, name="remove_number"),
    path("me/messages/browser", contact_preference_views.subscribe, name="subscribe"),
    path("me/messages/browser/removal", contact_preference_views.unsubscribe, name="unsubscribe"),
    path("confirmations", confirmation_views.confirmations, name="confirmations"),
    path("confirmations/<int:confirmation_id>", confirmation_views.confirmation, name="confirmation"),
    path(
        "confirmations/<int:confirmation_id>/answer", confirmation_views.answer_confirmation, name="answer_confirmation"
    ),
    path(
        "confirmations/<int:confirmation_id>/yes", confirmation_views.confirm_confirmation, name="confirm_confirmation"
    ),
    path(
        "confirmations/<int:confirmation_id>/no", confirmation_views.decline_confirmation, name="decline_confirmation"
    ),
    path(
        "confirmations/<int:confirmation_id>/withdrawal",
        confirmation_views.withdraw_confirmation,
        name="withdraw_confirmation",
    ),
    path("office/contact", contact_views.contact_facts, name="contact_facts"),
]
