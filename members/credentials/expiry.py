"""Certificates that end soon: their member hears of it three times, and so does whoever looks after membership."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from coop.jobs import process_each
from coop.policies import policy_cache, values
from members.credentials.credentials import Credential
from members.notices.notices import Notice
from members.offices.roles import Role
from members.people.members import Member
from members.policies import CREDENTIAL_WARNINGS
from members.standing.meaning import TOLD


@policy_cache()
def warn_of_expiry(*, at: datetime) -> None:
    """Write what is due by `at`; safe to run every minute."""
    today = timezone.localdate(at)
    marks = sorted(values(today, CREDENTIAL_WARNINGS).values())
    rows = {f"credential:{one.pk}:{one.expires_on}:{mark}": one for one, mark in _ending(today, marks)}
    written = set(Notice.objects.filter(key__in=rows).values_list("key", flat=True))
    news = [(key, credential) for key, credential in rows.items() if key not in written]
    process_each(news, lambda row: _write(*row, at=at))


def _ending(today: date, marks: list[int]) -> Iterator[tuple[Credential, int]]:
    """Certificates of people who work here that end soon with no newer one behind them, and the mark they passed."""
    newer = Credential.objects.filter(member=OuterRef("member"), kind=OuterRef("kind"))
    newer = newer.filter(Q(expires_on=None) | Q(expires_on__gt=OuterRef("expires_on")))
    soon = Credential.objects.filter(expires_on__gt=today, expires_on__lte=today + timedelta(days=marks[-1]))
    here = soon.filter(member__in=Member.objects.in_state(*TOLD, on=today)).select_related("member__user")
    for credential in here.filter(~Exists(newer)).order_by("expires_on", "pk"):
        assert credential.expires_on
        left = (credential.expires_on - today).days
        yield credential, min(mark for mark in marks if left <= mark)


def _write(key: str, credential: Credential, *, at: datetime) -> None:
    about = {"credential": credential}
    for person in Role.objects.holders(at, Role.Kind.MEMBERSHIP):
        Notice.post(f"{key}:{person.pk}", to=person, mail="credential_of_member", at=at, about=about)
    Notice.post(key, to=credential.member.user, mail="credential_ends", at=at, about=about)
