"""Addresses of this room, wing by wing."""

from django.urls import include, path

WINGS = (
    "catalog",
    "households",
    "series",
    "turns",
    "onsite",
    "checkout",
    "care",
    "aftercare",
    "fairness",
    "office",
    "client",
)

urlpatterns = [path("", include(f"bookings.{wing}.urls")) for wing in WINGS]
