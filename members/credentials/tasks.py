"""Certificates that end soon are told of."""

from django.utils import timezone

from coop.jobs import sweep
from members.credentials.expiry import warn_of_expiry


@sweep("members.sweep_credentials")
def sweep_credentials() -> None:
    """Warn of certificates that end soon."""
    warn_of_expiry(at=timezone.now())
