"""Addresses of this room, wing by wing."""

from django.urls import include, path

from bookings.wings import WINGS
from coop.rooms import pieces

urlpatterns = [path("", include(module)) for module in pieces("bookings", WINGS, "urls")]
