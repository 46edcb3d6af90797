"""Members are told what an office wrote to them."""

from celery import shared_task
from django.utils import timezone

from coop.jobs import process_each, sweep
from members.announcements.announcements import Addressee, AddresseeQuerySet

AT_A_TIME = 200


def _tell(waiting: AddresseeQuerySet) -> None:
    rows = waiting.select_related("announcement__author", "member__user", "member__zip")[:AT_A_TIME]
    process_each(rows, lambda row: row.tell(at=timezone.now()))


@shared_task(name="members.tell_announcement")
def tell_announcement(announcement_id: int) -> None:
    """Tell those to whom it goes and who have not been told."""
    _tell(Addressee.objects.to_tell(timezone.now()).filter(announcement=announcement_id))


@sweep("members.sweep_announcements")
def sweep_announcements() -> None:
    """Tell whoever a lost or broken-off job left out."""
    _tell(Addressee.objects.to_tell(timezone.now()))
