"""What of the bodies a second person confirms."""

from members.appointing.confirmable_acts import register_changes
from members.bodies.body_changes import BodyChange

register_changes(BodyChange, "member__user", "body", page="bodies")
