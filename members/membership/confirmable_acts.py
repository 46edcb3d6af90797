"""What a second person confirms about somebody's standing: a suspension, and a return as a member."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Manager
from django.urls import reverse

from members.membership.proposed import ProposedReturn, ProposedStep, ProposedSuspension
from members.offices.roles import Role
from members.people.users import User
from members.second_person.confirmable_acts import Matter, register


def _drop(_number: int, _at: datetime, _by: User) -> None:
    """Nothing happened yet, and nothing does."""


def _register(model: type[ProposedStep], *offices: str) -> None:
    rows: Manager[Any] = model._default_manager

    def say(numbers: Collection[int]) -> dict[int, str]:
        return {row.pk: str(row) for row in rows.filter(pk__in=numbers).select_related("member__user")}

    matter = Matter(
        offices,
        say=say,
        link=lambda number: reverse("read_standing", args=[rows.values_list("member", flat=True).get(pk=number)]),
        touches=lambda number, user: rows.filter(pk=number, member__user=user).exists(),
        carry_out=lambda number, at, by: rows.select_related("member__user").get(pk=number).carry_out(at=at, by=by),
        drop=_drop,
        falls=True,
    )
    register(model.KIND, matter)


_register(ProposedSuspension, Role.Kind.MEMBERSHIP, Role.Kind.BOARD, Role.Kind.COORDINATOR)
_register(ProposedReturn, Role.Kind.MEMBERSHIP, Role.Kind.BOARD)
