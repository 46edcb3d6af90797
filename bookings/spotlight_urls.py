"""Addresses of the spotlight."""

from django.urls import path

from bookings.views import decisions, spotlight

urlpatterns = [
    path("spotlight", spotlight.spotlight, name="spotlight"),
    path("spotlight.csv", spotlight.spotlight_sheet, name="spotlight_sheet"),
    path("spotlight/decisions", decisions.weekly_decisions, name="weekly_decisions"),
    path("spotlight/<slug:flag>/answer", spotlight.answer_flag, name="answer_flag"),
]
