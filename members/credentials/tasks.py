"""Certificates that end soon are told of; photos that have served are deleted."""

from django.utils import timezone

from coop.jobs import process_each, sweep
from members.credentials.evidence import Evidence
from members.credentials.expiry import warn_of_expiry

AT_A_TIME = 100


@sweep("members.sweep_credentials")
def sweep_credentials() -> None:
    """Warn of certificates that end soon, and delete photos of those that were checked long ago."""
    now = timezone.now()
    warn_of_expiry(at=now)
    process_each(Evidence.objects.to_strip(now).defer("picture")[:AT_A_TIME], Evidence.strip)
