"""Messages go out."""

from datetime import datetime

import structlog
from celery import shared_task
from django.utils import timezone

from coop.jobs import process_each, sweep
from coop.sending.delivery import Away
from members.notices.contact_preferences import Way
from members.notices.notices import LONG, Notice
from members.people.users import User

AT_A_TIME = 100
log = structlog.get_logger()


@shared_task(name="members.send_notice")
def send_notice(notice_id: int) -> None:
    """Send one notice if it is due."""
    try:
        Notice.objects.select_related("user").get(pk=notice_id).send(at=timezone.now())
    except Away as trouble:  # the sweep comes by, and says so
        log.warning("notice waits", trouble=str(trouble))


@sweep("members.sweep_notices")
def sweep_notices() -> None:
    """Put together the daily mails whose hour has come, and send what is due, up to a hundred at a time by each way."""
    now = timezone.now()
    waiting = User.objects.filter(pk__in=Notice.objects.to_gather(now).values("user"))
    process_each(waiting[:AT_A_TIME], lambda user: Notice.gather(user, at=now))
    ways = (Way.SMS, Way.PUSH, Way.MAIL)
    if away := [trouble for way in ways if (trouble := _send_by(way, at=now))]:
        raise away[0]


def _send_by(way: str, *, at: datetime) -> Away | None:
    """Send what is due by one way, as long as whoever carries it is there; else say what was heard."""
    due = Notice.objects.due(at).filter(way=way).select_related("user").order_by("due_at", "pk")
    try:
        process_each(due[:AT_A_TIME], lambda notice: notice.send(at=at))
    except Away as trouble:
        if way != Way.MAIL:
            process_each(due.filter(due_at__lte=at - LONG)[:AT_A_TIME], lambda notice: notice.go_by_mail(at=at))
        return trouble
    return None
