"""Addresses of this wing."""

from django.urls import path

from bookings.turns.offers import answer_views, offer_views
from bookings.turns.outside_hours import views as outside_views
from bookings.turns.overrides import views as override_views
from bookings.turns.swaps import views as swap_views

urlpatterns = [
    path("o/<slug:key>", answer_views.answer_offer, name="answer_offer"),
    path("today/outside-hours", outside_views.outside_hours, name="outside_hours"),
    path("offers", offer_views.offers, name="offers"),
    path("offers/<int:offer_id>/acceptance", offer_views.accept_offer, name="accept_offer"),
    path("offers/<int:offer_id>/pass", offer_views.say_no_to_offer, name="say_no_to_offer"),
    path("offers/<int:offer_id>/undoing", offer_views.undo_offer, name="undo_offer"),
    path("shifts/<int:shift_id>/taking", offer_views.take_shift, name="take_shift"),
    path("shifts/<int:shift_id>/turn", offer_views.turn, name="turn"),
    path("shifts/<int:shift_id>/swap", swap_views.swap_shift, name="swap_shift"),
    path("swaps/<int:swap_id>/agreement", swap_views.agree_swap, name="agree_swap"),
    path("swaps/<int:swap_id>/decline", swap_views.decline_swap, name="decline_swap"),
    path("swaps/<int:swap_id>/withdrawal", swap_views.withdraw_swap, name="withdraw_swap"),
    path("overrides", override_views.overrides, name="overrides"),
    path("shifts/<int:shift_id>/giving", override_views.give_shift, name="give_shift"),
    path("shifts/<int:shift_id>/yes-by-phone", override_views.note_yes, name="note_yes"),
]
