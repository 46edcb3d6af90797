"""Addresses of this room."""

from django.urls import path

from bookings import (
    changes_urls,
    door_urls,
    household_urls,
    office_urls,
    spotlight_urls,
    swaps_urls,
    visiting_urls,
    wishes_urls,
)
from bookings.views import booking, client, office, outside, series, waitlist, worker

CLIENT = [
    path("book", booking.quote, name="quote"),
    path("book/price", booking.quote_price, name="quote_price"),
    path("book/<uuid:token>/time", booking.choose_time, name="choose_time"),
    path("book/<uuid:token>/contact", booking.give_contact, name="give_contact"),
    path("book/<uuid:token>/check", booking.check_booking, name="check_booking"),
    path("book/<uuid:token>/waitlist", waitlist.join_waitlist, name="join_waitlist"),
    path("waitlist/<uuid:token>/leaving", waitlist.leave_waitlist, name="leave_waitlist"),
    path("areas", booking.ask_for_area, name="ask_for_area"),
    path("bookings", client.my_bookings, name="my_bookings"),
    path("bookings/<uuid:token>", client.booking, name="booking"),
    path("bookings/<uuid:token>.ics", client.booking_calendar, name="booking_calendar"),
    path("bookings/<uuid:token>/cancellation", client.cancel_booking, name="cancel_booking"),
    path("visits/<int:visit_id>", client.visit, name="visit"),
    path("visits/<int:visit_id>/do-not-send", client.place_do_not_send, name="place_do_not_send"),
    path("do-not-send/<int:do_not_send_id>/lifting", client.lift_do_not_send, name="lift_do_not_send"),
]
SERIES = [
    path("bookings/<uuid:token>/series", series.series, name="series"),
    path("bookings/<uuid:token>/series/days/<int:day_id>/skipping", series.skip_visit, name="skip_visit"),
    path("bookings/<uuid:token>/series/days/<int:day_id>/return", series.take_back_visit, name="take_back_visit"),
    path("bookings/<uuid:token>/series/days/<int:day_id>/keeping", series.keep_visit, name="keep_visit"),
    path("bookings/<uuid:token>/series/change", series.change_series, name="change_series"),
    path("bookings/<uuid:token>/series/pause", series.pause_series, name="pause_series"),
    path("bookings/<uuid:token>/series/resumption", series.resume_series, name="resume_series"),
    path("bookings/<uuid:token>/series/end", series.end_series, name="end_series"),
]
WORKER = [
    path("today", worker.today, name="today"),
    path("today/outside-hours", outside.outside_hours, name="outside_hours"),
    path("offers", worker.offers, name="offers"),
    path("offers/<int:offer_id>/acceptance", worker.accept_offer, name="accept_offer"),
    path("offers/<int:offer_id>/pass", worker.pass_offer, name="pass_offer"),
    path("offers/<int:offer_id>/undoing", worker.undo_offer, name="undo_offer"),
    path("shifts/<int:shift_id>/start", worker.start_visit, name="start_visit"),
    path("shifts/<int:shift_id>/completion", worker.complete_visit, name="complete_visit"),
    path("shifts/<int:shift_id>/undoing", worker.undo_tap, name="undo_tap"),
    path("shifts/<int:shift_id>/release", worker.release_shift, name="release_shift"),
    path("shifts/<int:shift_id>/taking", worker.take_shift, name="take_shift"),
    path("shifts/<int:shift_id>/access-note", worker.show_access_note, name="show_access_note"),
    path("shifts/<int:shift_id>/turn", worker.turn, name="turn"),
]
OFFICE = [
    path("office/shifts", office.unfilled_shifts, name="unfilled_shifts"),
    path("shifts/<int:shift_id>/asking", office.ask_again, name="ask_again"),
    path("shifts/<int:shift_id>/relief", office.relieve_shift, name="relieve_shift"),
    path("visits/<int:visit_id>/cancellation", office.cancel_visit, name="cancel_visit"),
    path("visits/<int:visit_id>/missing", office.miss_visit, name="miss_visit"),
    path("visits/<int:visit_id>/end", office.wind_up_visit, name="wind_up_visit"),
]
urlpatterns = [
    *CLIENT,
    *changes_urls.urlpatterns,
    *household_urls.urlpatterns,
    *SERIES,
    *WORKER,
    *door_urls.urlpatterns,
    *spotlight_urls.urlpatterns,
    *visiting_urls.urlpatterns,
    *swaps_urls.urlpatterns,
    *OFFICE,
    *office_urls.OFFICE,
    *wishes_urls.urlpatterns,
]
