"""Who looked at a getting-in note."""

from django.db import models

from bookings.households.clients import Home
from coop.models import append_only
from members.models import User


class AccessView(models.Model):
    """Who saw a home's getting-in note, when."""

    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="views")
    shift = models.ForeignKey("bookings.Shift", on_delete=models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        triggers = append_only("views_are_never_changed")

    def __str__(self) -> str:
        return f"{self.home_id}: {self.user_id}"
