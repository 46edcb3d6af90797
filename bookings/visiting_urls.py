"""Addresses of what a worker says from a visit."""

from django.urls import path

from bookings.views import delays, incidents, photos

urlpatterns = [
    path("shifts/<int:shift_id>/delay", delays.run_late, name="run_late"),
    path("shifts/<int:shift_id>/incident", incidents.report_incident, name="report_incident"),
    path("shifts/<int:shift_id>/photos", photos.take_photo, name="take_photo"),
    path("photos/<int:photo_id>", photos.photo, name="photo"),
    path("photos/<int:photo_id>/small", photos.small_photo, name="small_photo"),
    path("photos/<int:photo_id>/removal", photos.remove_photo, name="remove_photo"),
    path("incidents", incidents.incidents, name="incidents"),
    path("reports", incidents.deliver_report, name="deliver_report"),
    path("incidents/<uuid:uuid>", incidents.incident, name="incident"),
    path("incidents/<uuid:uuid>/hand", incidents.take_in_hand, name="take_in_hand"),
    path("incidents/<uuid:uuid>/closing", incidents.close_incident, name="close_incident"),
]
