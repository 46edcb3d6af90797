"""Whoever has something to read and accept is told: before its day, and on it."""

from collections.abc import Iterator
from datetime import date, datetime

from django.utils import timezone

from coop.jobs import process_each
from members.agreements.agreed import missing
from members.agreements.agreements import AgreementVersion
from members.notices.notices import Notice
from members.people.users import User

Message = tuple[str, str, User, AgreementVersion]
"""A key, a mail, to whom, and about what."""


def tell_of_agreements(*, at: datetime) -> None:
    """Write what is due by `at`; safe to run every minute."""
    due = list(_due(timezone.localdate(at)))
    written = set(Notice.objects.filter(key__in=[key for key, *_rest in due]).values_list("key", flat=True))
    process_each([one for one in due if one[0] not in written], lambda one: _write(one, at=at))


def _due(today: date) -> Iterator[Message]:
    coming, in_force = AgreementVersion.objects.coming(today), AgreementVersion.objects.in_force(today)
    for mail, versions in (("agreement_comes", coming), ("agreement_waits", in_force)):
        for version in versions.light():
            for member in missing(version, today, told=True):
                yield f"{mail}:{version.pk}:{member.user_id}", mail, member.user, version


def _write(message: Message, *, at: datetime) -> None:
    key, mail, person, version = message
    Notice.post(key, to=person, mail=mail, at=at, about={"version": version})
