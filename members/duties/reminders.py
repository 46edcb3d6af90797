"""What is said about duties by itself: before their day, when somebody is away, and to all when they are late."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from coop.jobs import process_each
from coop.policies import policy_cache
from members.duties.duties import KEEPERS, Duty
from members.notices.notices import Notice
from members.offices.roles import Role
from members.people.members import Member
from members.people.users import User
from members.policies import DUTY_LATE_DAYS
from members.standing.meaning import TOLD
from members.standing.standings import Stretch

DAYS_BEFORE = (60, 30, 7, 1)
"""How many days before its day whoever looks after a duty hears of it."""
Message = tuple[str, str, User, Duty]
"""A key, a mail, to whom, and about what."""


@policy_cache()
def remind_of_duties(*, at: datetime) -> None:
    """Write what is due by `at`; safe to run every minute."""
    today = timezone.localdate(at)
    due = [*_coming(today, at=at), *_standing_in(today), *_late(today)]
    written = set(Notice.objects.filter(key__in=[key for key, *_rest in due]).values_list("key", flat=True))
    process_each([one for one in due if one[0] not in written], lambda one: _write(one, at=at))


def _coming(today: date, *, at: datetime) -> Iterator[Message]:
    """To whoever looks after it and is here; where nobody does, to those who keep the list."""
    keepers: list[User] | None = None
    soon = Duty.objects.standing().filter(due_on__gt=today, due_on__lte=today + timedelta(days=max(DAYS_BEFORE)))
    for duty in soon.light().in_care_on(today):
        mark = min(days for days in DAYS_BEFORE if (duty.due_on - today).days <= days)
        if duty.due_on - timedelta(days=mark) < timezone.localdate(duty.added_at):
            continue
        people = duty.acting(today)
        if not people:
            keepers = Role.objects.holders(at, *KEEPERS) if keepers is None else keepers
            people = keepers
        for person in people:
            yield f"duty:{duty.pk}:{duty.due_on}:{mark}:{person.pk}", "duty_comes", person, duty


def _standing_in(today: date) -> Iterator[Message]:
    """To the deputy, once each time that the owner is away or gone."""
    acting = Member.objects.acting(today)
    alone = Duty.objects.standing().filter(~Q(owner__in=acting), owner__isnull=False, deputy__in=acting)
    duties = list(alone.light())
    away = Stretch.objects.on(today).filter(member__in={duty.owner_id for duty in duties})
    since = {stretch.member_id: stretch.days.lower for stretch in away}
    for duty in duties:
        assert duty.deputy
        key = f"duty_deputy:{duty.pk}:{duty.owner_id}:{since.get(duty.owner_id or 0)}:{duty.deputy_id}"
        yield key, "duty_deputy", duty.deputy.user, duty


def _late(today: date) -> Iterator[Message]:
    """To all members, once it is late by as many days as the rule says."""
    late = Duty.objects.late(today - timedelta(days=DUTY_LATE_DAYS.on(today) - 1))
    duties: Iterable[Duty] = list(late.light())
    everybody = Member.objects.in_state(*TOLD, on=today).select_related("user") if duties else []
    for duty in duties:
        for member in everybody:
            yield f"duty_late:{duty.pk}:{duty.due_on}:{member.user_id}", "duty_late", member.user, duty


def _write(message: Message, *, at: datetime) -> None:
    key, mail, person, duty = message
    Notice.post(key, to=person, mail=mail, at=at, about={"duty": duty})
