"""Addresses of this folder."""

from django.urls import path

from payouts.recovery import views

urlpatterns = [
    path("recovery", views.recovery, name="recovery"),
    path("recovery/<int:recovery_id>/entries", views.write_back, name="write_back"),
    path("recovery/<int:recovery_id>/end", views.let_go, name="let_go"),
    path("recovery/found/<int:found_id>/left-out", views.leave_out, name="leave_out"),
]
