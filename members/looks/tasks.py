"""Looks are deleted once they were kept long enough."""

from django.utils import timezone

from coop.jobs import sweep
from members.looks.looks import Look

AT_A_TIME = 1000


@sweep("members.sweep_looks")
def sweep_looks() -> None:
    """Delete looks that are older than the members voted to keep them."""
    old = Look.objects.to_forget(timezone.now())[:AT_A_TIME]
    Look.objects.filter(pk__in=old.values("pk")).delete()
