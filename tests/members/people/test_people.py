"""People, their standing and their offices."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from coop.errors import WrongState
from coop.models import Event
from members.models import Credential, Member, Role, User
from tests import make

pytestmark = pytest.mark.django_db


def test_an_address_belongs_to_one_person_whatever_its_case(dan: User) -> None:
    with pytest.raises(IntegrityError):
        User.objects.create(email="DAN-ORTIZ@example.org")


def test_members_are_known_by_first_name_and_initial() -> None:
    names = ["Carmen Ruiz Díaz", "Cher", ""]
    people = [Member(user=User(name=name, email="kim@example.org")) for name in names]
    assert [person.short_name for person in people] == ["Carmen D.", "Cher", "kim"]


def test_an_office_is_held_from_its_first_day_to_its_last(ana: Member) -> None:
    make.role(ana, "board", starts_on=date(2026, 4, 1), ends_on=date(2026, 6, 30))
    days = [date(2026, 3, 31), date(2026, 4, 1), date(2026, 6, 30), date(2026, 7, 1)]
    noons = [datetime(day.year, day.month, day.day, 16, tzinfo=UTC) for day in days]
    assert [Role.objects.held(noon).count() for noon in noons] == [0, 1, 1, 0]


def test_an_office_that_ended_gives_no_more_rights(ana: Member) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    make.role(ana, "treasurer", starts_on=date(2026, 1, 1), ends_on=yesterday)
    assert ana.user.roles == frozenset()


def test_a_certificate_no_longer_holds_on_the_day_it_expires(ana: Member) -> None:
    make.credential(ana, issued_on=date(2026, 1, 1), expires_on=date(2026, 5, 1))
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 4, 30), date(2026, 5, 1)]
    assert [Credential.objects.valid(day).count() for day in days] == [0, 1, 1, 0]


def test_candidates_and_members_work_and_members_on_leave_still_own(ana: Member, bo: Member, cara: Member) -> None:
    bo.go_on_leave(at=make.SPRING, by=None)
    assert (set(Member.objects.working()), set(Member.objects.owners())) == ({ana, cara}, {ana, bo})


def test_who_has_left_does_not_come_back_by_the_side_door(ana: Member) -> None:
    ana.leave_coop(at=make.SPRING, by=ana.user)
    with pytest.raises(WrongState):
        ana.come_back(at=make.SPRING, by=ana.user)
    assert (ana.state, ana.state_on(date(2026, 3, 1)), ana.user.works) == ("former", "applicant", False)


def test_each_step_of_a_membership_is_written_down(cara: Member, sol: Member) -> None:
    cara.admit(at=make.SPRING, by=sol.user, note="proposal 3")
    cara.go_on_leave(at=make.SPRING, by=cara.user)
    steps = Event.objects.about(cara).values_list("verb", "actor", "before", "after", "note")
    assert list(steps) == [
        ("admit", sol.user.pk, "candidate", "member", "proposal 3"),
        ("go_on_leave", cara.user.pk, "member", "on_leave", ""),
    ]
