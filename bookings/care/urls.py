"""Addresses of this wing."""

from django.urls import path

from bookings.care import views

urlpatterns = [
    path("care", views.care_records, name="care_records"),
    path("care/<int:shift_id>", views.care_record, name="care_record"),
    path("care/export", views.export_care, name="export_care"),
]
