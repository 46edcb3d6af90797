"""What of the offices, and of what all agreed on, a second person confirms."""

from typing import Any

from django.db.models import Manager
from django.urls import reverse
from django.utils import timezone

from members.appointing.asked_changes import AskedChange, are_few
from members.appointing.office_changes import OfficeChange
from members.second_person.confirmable_acts import Matter, register

OFFICES = ("membership", "board", "coordinator")


def register_changes(model: type[AskedChange], *related: str, page: str) -> None:
    """Let these changes, about a `member` each, wait for a second person; they stand on this page."""
    rows: Manager[Any] = model._default_manager
    matter = Matter(
        OFFICES,
        say=lambda numbers: {one.pk: str(one) for one in rows.filter(pk__in=numbers).select_related(*related)},
        link=lambda _number: reverse(page),
        touches=lambda number, user: not are_few(timezone.now()) and rows.filter(pk=number, member__user=user).exists(),
        carry_out=lambda number, at, by: rows.get(pk=number).confirm(at=at, by=by),
        drop=lambda number, at, by: rows.get(pk=number).drop(at=at, by=by),
        falls=True,
    )
    register(model.KIND, matter)


register_changes(OfficeChange, "member__user", page="offices")
