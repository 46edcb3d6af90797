"""Addresses at the door: the taps, and what comes of them."""

from django.urls import path

from bookings.views import care, closing, taps

urlpatterns = [
    path("today/saved", taps.saved_day, name="saved_day"),
    path("taps", taps.taps, name="taps"),
    path("office/taps", taps.odd_taps, name="odd_taps"),
    path("office/taps/<int:tap_id>/look", taps.look_at_tap, name="look_at_tap"),
    path("shifts/<int:shift_id>/times", closing.write_times, name="write_times"),
    path("shifts/<int:shift_id>/absence", closing.not_there, name="not_there"),
    path("care", care.care_records, name="care_records"),
    path("care/<int:shift_id>", care.care_record, name="care_record"),
    path("care/export", care.export_care, name="export_care"),
]
