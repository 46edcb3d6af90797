"""Addresses of this wing."""

from django.urls import path

from bookings.fairness import decision_views, views

urlpatterns = [
    path("spotlight", views.spotlight, name="spotlight"),
    path("spotlight.csv", views.spotlight_sheet, name="spotlight_sheet"),
    path("spotlight/decisions", decision_views.weekly_decisions, name="weekly_decisions"),
    path("spotlight/<slug:flag>/answer", views.answer_flag, name="answer_flag"),
]
