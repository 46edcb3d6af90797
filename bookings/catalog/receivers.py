"""What a room below learns from the door: a co-op that has opened once is founded."""

from bookings.catalog.door.door_signs import DoorSign
from members.standing.founded import ends

ends.append(lambda: DoorSign.objects.filter(is_open=True).exists())
