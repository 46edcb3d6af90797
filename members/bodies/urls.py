"""Addresses of this folder."""

from django.urls import path

from members.bodies import views

urlpatterns = [
    path("bodies", views.bodies, name="bodies"),
    path("bodies/new", views.found_body, name="found_body"),
    path("bodies/<int:body_id>/change", views.change_body, name="change_body"),
    path("bodies/<int:body_id>/members", views.seat_in_body, name="seat_in_body"),
    path("bodies/terms/<int:term_id>/end", views.leave_body, name="leave_body"),
]
