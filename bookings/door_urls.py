"""Addresses at the door: the taps, and what comes of them."""

from django.urls import path

from bookings.views import taps

urlpatterns = [
    path("taps", taps.taps, name="taps"),
    path("office/taps", taps.odd_taps, name="odd_taps"),
    path("office/taps/<int:tap_id>/look", taps.look_at_tap, name="look_at_tap"),
]
