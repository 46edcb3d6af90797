"""Addresses of least wages."""

from django.urls import path

from bookings.catalog.wages import views

urlpatterns = [
    path("least-wages", views.least_wages, name="least_wages"),
    path("least-wages/new", views.write_down_least_wage, name="write_down_least_wage"),
    path("least-wages/<int:wage_id>/taking-back", views.take_back_least_wage, name="take_back_least_wage"),
]
