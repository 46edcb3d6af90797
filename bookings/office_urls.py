"""Addresses of the office."""

from django.urls import path

from bookings.views import prices

OFFICE = [
    path("prices", prices.prices, name="prices"),
    path("prices/services/<slug:code>", prices.price_service, name="price_service"),
    path("prices/extras/<slug:code>", prices.price_add_on, name="price_add_on"),
]
