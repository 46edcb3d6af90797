"""Whoever calls people without an address reads what is about visits, and nothing that is for them alone."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse

from governance.ballots.ballots import Ballot
from members.models import Candidate, Member, Notice, User
from members.notices import by_phone
from members.notices.notices import MOST_TRIES
from tests import make
from tests.bookings.desk import signed_in
from tests.governance import votes

pytestmark = pytest.mark.django_db
NOW = make.SPRING + timedelta(days=30)
MAILS = {path.stem for path in Path(settings.BASE_DIR, "templates", "mail").glob("*.txt")}


def test_only_mails_that_there_are_are_read_out() -> None:
    assert {*by_phone.readable(), *by_phone.untold()} <= MAILS


def test_mails_with_a_secret_or_about_a_person_are_not_read_out() -> None:
    alone = {"act_against_you", "application_prove", "gift_card", "not_admitted", "payout_sent", "standing_changed"}
    assert alone & set(by_phone.readable()) == set()


def test_why_a_candidate_was_told_no_is_for_them_alone(cara: Member, sol: Member) -> None:
    mara = make.member("Mara Lund", hours=None, roles=["membership"])
    make.member("Ben Board", hours=None, roles=["board"])
    User.objects.filter(pk=cara.user_id).update(email="")
    Candidate.objects.get(pk=cara.pk).turn_down("Canary is rude", at=NOW, by=mara.user)
    with time_machine.travel(NOW + timedelta(hours=20), tick=False):
        page = signed_in(sol).get(reverse("calls")).content.decode()
        assert (str(cara) in page, "for them alone" in page, "Canary" in page) == (True, True, False)
        Notice.objects.filter(user=cara.user).update(tries=MOST_TRIES, way="sms")
        page = signed_in(sol).get(reverse("calls")).content.decode()
    assert (str(cara) in page, "Something that is for them alone" in page, "Canary" in page) == (True, True, False)


def test_who_has_not_voted_stands_on_no_list_of_calls(ana: Member, bo: Member, sol: Member) -> None:
    User.objects.filter(pk__in=[ana.user_id, bo.user_id]).update(email="")
    vote = votes.voting(ana)
    vote.cast(Ballot.Choice.values[0], at=votes.VOTED, by=ana.user)
    due = vote.reminder_due
    Notice.objects.update(sent_at=due)  # all were called when voting opened
    vote.remind(at=due, by=None)
    reminder = Notice.objects.get(key__startswith="vote_reminder:", user=bo.user)
    with time_machine.travel(due + timedelta(days=1), tick=False):
        for lost in ({}, {"tries": MOST_TRIES, "way": "sms"}):
            Notice.objects.filter(pk=reminder.pk).update(**lost)
            page = signed_in(sol).get(reverse("calls")).content.decode().partition("<main")[2]
            assert str(bo) not in page
            assert (
                signed_in(sol).post(reverse("retry_notice" if lost else "called", args=[reminder.pk])).status_code
                == 404
            )
