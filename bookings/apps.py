"""What this app registers when Django starts."""

from bookings.wings import WINGS
from coop import rooms


class BookingsConfig(rooms.Room):
    name = "bookings"
    folders = WINGS
