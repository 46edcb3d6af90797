"""Addresses of this wing."""

from django.urls import path

from bookings.office import area_views, closing_views, phone_views, views, week_views

urlpatterns = [
    path("office/shifts", views.unfilled_shifts, name="unfilled_shifts"),
    path("shifts/<int:shift_id>/asking", views.ask_again, name="ask_again"),
    path("shifts/<int:shift_id>/relief", views.relieve_shift, name="relieve_shift"),
    path("visits/<int:visit_id>/cancellation", views.cancel_visit, name="cancel_visit"),
    path("visits/<int:visit_id>/missing", views.miss_visit, name="miss_visit"),
    path("visits/<int:visit_id>/end", views.wind_up_visit, name="wind_up_visit"),
    path("office/closed-days", closing_views.closed_days, name="closed_days"),
    path("office/closed-days/new", closing_views.close_days, name="close_days"),
    path("office/closed-days/<int:closed_day_id>/reopening", closing_views.reopen_day, name="reopen_day"),
    path("office/hours", closing_views.bookable_hours, name="bookable_hours"),
    path("office/hours/<int:hours_id>/taking-back", closing_views.take_back_hours, name="take_back_hours"),
    path("office/areas", area_views.areas, name="areas"),
    path("office/areas/change", area_views.change_areas, name="change_areas"),
    path("office/areas/<int:change_id>/taking-back", area_views.take_back_areas, name="take_back_areas"),
    path("office/week", week_views.week, name="week"),
    path("office/search", week_views.find, name="find"),
    path("office/clients/new", phone_views.add_client, name="add_client"),
    path("office/clients/<int:client_id>", phone_views.client, name="client"),
    path("office/bookings/<uuid:token>/confirmation", phone_views.confirm_booking, name="confirm_booking"),
    path("office/calls", phone_views.calls, name="calls"),
    path("office/calls/<int:notice_id>/made", phone_views.called, name="called"),
    path("office/messages/<int:notice_id>/retry", phone_views.retry_notice, name="retry_notice"),
    path("visits/<int:visit_id>/time", week_views.reschedule_visit, name="reschedule_visit"),
    path("hand-overs", week_views.hand_over_day, name="hand_over_day"),
    path("hand-overs/<int:hand_over_id>", week_views.hand_over, name="hand_over"),
    path("hand-overs/<int:hand_over_id>/return", week_views.come_back, name="come_back"),
    path("hand-overs/<int:hand_over_id>/again", week_views.hand_on, name="hand_on"),
]
