"""Addresses of this folder."""

from django.urls import path

from members.appointing import views

urlpatterns = [
    path("offices", views.offices, name="offices"),
    path("offices/new", views.seat_member, name="seat_member"),
    path("offices/<int:term_id>/end", views.end_term, name="end_term"),
]
