"""Addresses of this room."""

from django.urls import path

from bookings.views import office, worker

WORKER = [
    path("today", worker.today, name="today"),
    path("offers", worker.offers, name="offers"),
    path("offers/<int:offer_id>/acceptance", worker.accept_offer, name="accept_offer"),
    path("offers/<int:offer_id>/pass", worker.pass_offer, name="pass_offer"),
    path("shifts/<int:shift_id>/start", worker.start_visit, name="start_visit"),
    path("shifts/<int:shift_id>/completion", worker.complete_visit, name="complete_visit"),
    path("shifts/<int:shift_id>/release", worker.release_shift, name="release_shift"),
    path("shifts/<int:shift_id>/taking", worker.take_shift, name="take_shift"),
    path("shifts/<int:shift_id>/access-note", worker.show_access_note, name="show_access_note"),
    path("shifts/<int:shift_id>/turn", worker.turn, name="turn"),
]
OFFICE = [
    path("office/shifts", office.unfilled_shifts, name="unfilled_shifts"),
    path("shifts/<int:shift_id>/asking", office.ask_again, name="ask_again"),
    path("visits/<int:visit_id>/cancellation", office.cancel_visit, name="cancel_visit"),
    path("visits/<int:visit_id>/missing", office.miss_visit, name="miss_visit"),
]
urlpatterns = [*WORKER, *OFFICE]
