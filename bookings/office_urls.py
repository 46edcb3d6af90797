"""Addresses of the office."""

from django.urls import path

from bookings.views import calendar, checklists, overrides, phone, prices

OFFICE = [
    path("office/week", calendar.week, name="week"),
    path("office/search", calendar.find, name="find"),
    path("office/clients/new", phone.add_client, name="add_client"),
    path("office/clients/<int:client_id>", phone.client, name="client"),
    path("office/bookings/<uuid:token>/confirmation", phone.confirm_booking, name="confirm_booking"),
    path("office/calls", phone.calls, name="calls"),
    path("office/calls/<int:notice_id>/made", phone.called, name="called"),
    path("office/messages/<int:notice_id>/retry", phone.retry_notice, name="retry_notice"),
    path("visits/<int:visit_id>/time", calendar.change_time, name="change_time"),
    path("hand-overs", calendar.hand_over_day, name="hand_over_day"),
    path("hand-overs/<int:hand_over_id>", calendar.hand_over, name="hand_over"),
    path("hand-overs/<int:hand_over_id>/return", calendar.come_back, name="come_back"),
    path("hand-overs/<int:hand_over_id>/again", calendar.hand_on, name="hand_on"),
    path("overrides", overrides.overrides, name="overrides"),
    path("shifts/<int:shift_id>/giving", overrides.give_shift, name="give_shift"),
    path("shifts/<int:shift_id>/yes-by-phone", overrides.note_yes, name="note_yes"),
    path("prices", prices.prices, name="prices"),
    path("prices/services/<slug:code>", prices.price_service, name="price_service"),
    path("prices/extras/<slug:code>", prices.price_add_on, name="price_add_on"),
    path("checklists", checklists.checklists, name="checklists"),
    path("checklists/new", checklists.add_task, name="add_task"),
    path("checklists/<int:task_id>", checklists.change_task, name="change_task"),
    path("checklists/<int:task_id>/ending", checklists.end_task, name="end_task"),
    path("shifts/<int:shift_id>/tasks", checklists.tick_tasks, name="tick_tasks"),
]
