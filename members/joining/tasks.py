"""What has served is deleted."""

from django.utils import timezone

from coop.jobs import process_each, sweep
from members.joining.applications import Application

AT_A_TIME = 100


@sweep("members.sweep_applications")
def sweep_applications() -> None:
    """Delete applications that nobody proved, and those that were declined or withdrawn long ago."""
    now = timezone.now()
    old = Application.objects.to_forget(now).select_related("user")[:AT_A_TIME]
    process_each(old, lambda application: application.forget(at=now))
