"""Addresses of this wing."""

from django.urls import path

from bookings.series import views

urlpatterns = [
    path("bookings/<uuid:token>/series", views.series, name="series"),
    path("bookings/<uuid:token>/series/days/<int:day_id>/skipping", views.skip_visit, name="skip_visit"),
    path("bookings/<uuid:token>/series/days/<int:day_id>/return", views.take_back_visit, name="take_back_visit"),
    path("bookings/<uuid:token>/series/days/<int:day_id>/keeping", views.keep_visit, name="keep_visit"),
    path("bookings/<uuid:token>/series/change", views.change_series, name="change_series"),
    path("bookings/<uuid:token>/series/pause", views.pause_series, name="pause_series"),
    path("bookings/<uuid:token>/series/resumption", views.resume_series, name="resume_series"),
    path("bookings/<uuid:token>/series/end", views.end_series, name="end_series"),
]
