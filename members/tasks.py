"""Background work of this room."""

from celery import shared_task
from django.utils import timezone

from coop.jobs import each, sweep
from members.expiry import warn_of_expiry
from members.models import Confirmation, Notice, User


@shared_task(name="members.send_notice")
def send_notice(notice_id: int) -> None:
    """Send one notice if it is due."""
    Notice.objects.select_related("user").get(pk=notice_id).send(at=timezone.now())


@sweep("members.sweep_notices")
def sweep_notices() -> None:
    """Put together the daily mails whose hour has come, and send what is due, up to a hundred at a time."""
    now = timezone.now()
    waiting = User.objects.filter(pk__in=Notice.objects.to_gather(now).values("user"))
    each(waiting[:100], lambda user: Notice.gather(user, at=now))
    due = Notice.objects.due(now).select_related("user").order_by("due_at")
    each(due[:100], lambda notice: notice.send(at=now))


@sweep("members.sweep_confirmations")
def sweep_confirmations() -> None:
    """Tell who can be second that the time to answer is over."""
    now = timezone.now()
    each(Confirmation.objects.ready(now).whole()[:100], lambda one: one.tell_seconds(at=now))


@sweep("members.sweep_credentials")
def sweep_credentials() -> None:
    """Warn of certificates that end soon."""
    warn_of_expiry(at=timezone.now())
