"""Addresses of this folder."""

from django.urls import path

from members.hours import views

urlpatterns = [
    path("me/availability", views.change_availability, name="change_availability"),
    path("me/other-hours", views.work_otherwise, name="work_otherwise"),
    path("me/other-hours/<int:other_hours_id>/removal", views.work_as_usual, name="work_as_usual"),
    path("me/leave", views.take_leave, name="take_leave"),
    path("me/leave/<int:leave_id>/giving-back", views.give_back_leave, name="give_back_leave"),
]
