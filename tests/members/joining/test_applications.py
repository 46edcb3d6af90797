"""Applications, from a typed address to a candidate or to nothing."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from coop.errors import Refusal, WrongState
from members.joining.policies import APPLICATION_DAYS
from members.joining.tasks import sweep_applications
from members.models import Application, Member, Mentoring, Notice, User
from members.personal_data import erase, told
from tests import make

pytestmark = pytest.mark.django_db
NOW, A_DAY = make.SPRING, timedelta(days=1)


def proven(email: str = "nora-diaz@example.org", **answers: Any) -> Application:
    made = make.application(email, **answers)
    made.prove(at=NOW, by=None)
    return made


@pytest.fixture
def mel(db: None) -> Member:
    """She looks after membership."""
    return make.member("Mel Ortega", hours=None, roles=["membership"])


def mails(user: User) -> list[str]:
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("key", flat=True))


def test_a_typed_address_is_not_a_person(mel: Member) -> None:
    made = make.application()
    assert (made.user.email, made.user.claimed_email) == ("", "nora-diaz@example.org")
    assert list(Application.objects.visible_to(mel.user)) == []
    assert mails(mel.user) == []
    assert mails(made.user) == [f"application_prove:{made.pk}"]


def test_once_it_is_proven_the_office_reads_it_and_is_told(mel: Member) -> None:
    made = proven()
    assert list(Application.objects.visible_to(mel.user).waiting()) == [made]
    assert mails(mel.user) == [f"application_waits:{made.pk}:{mel.user_id}"]
    assert made.user.claimed_email == "nora-diaz@example.org", "no account until they are accepted"


def test_where_nobody_looks_after_membership_the_board_is_told() -> None:
    ben = make.member("Ben Board", hours=None, roles=["board"])
    made = proven()
    assert mails(ben.user) == [f"application_waits:{made.pk}:{ben.user_id}"]


def test_nobody_else_reads_applications(ana: Member, sol: Member) -> None:
    proven()
    assert [Application.objects.visible_to(one.user).count() for one in (ana, sol)] == [0, 0]


def test_an_address_applies_once_at_a_time() -> None:
    proven()
    with pytest.raises(Refusal, match="You applied before"):
        proven()


def test_who_works_here_does_not_apply(ana: Member) -> None:
    with pytest.raises(Refusal, match="You work here already"):
        make.application(by=ana.user)


def test_the_address_of_whoever_is_signed_in_is_known(lee: User) -> None:
    made = make.application(by=lee)
    assert (made.state, made.email) == ("proven", lee.email)


def test_who_is_accepted_is_a_candidate_with_an_account(mel: Member) -> None:
    made, mo = proven(), make.member("Mo Reyes", roles=["mentor"])
    made.accept(skills=["cleaning"], mentor=mo, at=NOW, by=mel.user)
    member = Member.objects.get(user__email="nora-diaz@example.org")
    assert made.member_id == member.pk
    known = (member.state, member.skills, member.minutes_wanted, member.languages)
    assert known == ("candidate", ["cleaning"], 1200, ["es"])
    assert (member.user.name, member.user.language) == ("Nora Diaz", "es")
    assert Mentoring.objects.get(candidate=member).mentor == mo
    assert Notice.objects.get(key=f"application_accepted:{made.pk}").user == member.user


def test_who_has_an_account_by_then_keeps_it_and_is_nobody_twice(mel: Member) -> None:
    made, nora = proven(), make.user("Nora D. Perez", email="nora-diaz@example.org")
    made.accept(skills=[], mentor=None, at=NOW, by=mel.user)
    assert Member.objects.get(user=nora).state == "candidate"
    assert User.objects.filter(email="nora-diaz@example.org").count() == 1
    assert set(mails(nora)) >= {f"application_proven:{made.pk}", f"application_accepted:{made.pk}"}


def test_who_began_to_work_here_meanwhile_is_not_taken_on_twice(mel: Member) -> None:
    made = proven("ana-reyes@example.org")
    make.member("Ana Reyes")
    with pytest.raises(Refusal, match="They work here already"):
        made.accept(skills=[], mentor=None, at=NOW, by=mel.user)
    made = Application.objects.get()
    assert (made.state, made.user.claimed_email) == ("proven", "ana-reyes@example.org")


def test_who_left_comes_back_as_the_member_that_they_were(mel: Member) -> None:
    finn = make.member("Finn Past")
    finn.leave_coop(at=NOW, by=None)
    later = NOW + 30 * A_DAY
    with time_machine.travel(later, tick=False):
        made = make.application(by=User.objects.get(pk=finn.user_id), at=later)
        made.accept(skills=["care"], mentor=None, at=later, by=mel.user)
        back = Member.objects.get(user=finn.user_id)
        assert (back.pk, back.state, back.skills, back.started_on) == (finn.pk, "candidate", ["care"], later.date())


def test_only_a_mentor_is_chosen(mel: Member, ana: Member) -> None:
    with pytest.raises(Refusal, match="office of a mentor"):
        proven().accept(skills=[], mentor=ana, at=NOW, by=mel.user)


def test_what_is_said_reaches_them_and_what_is_noted_does_not(mel: Member) -> None:
    made = proven()
    made.invite("Tuesday at 10, at our office?", at=NOW, by=mel.user)
    made.invite("Or Wednesday?", at=NOW + A_DAY, by=mel.user)
    made.note("She has references.", at=NOW + A_DAY, by=mel.user)
    made.decline("We have no work in your days now.", at=NOW + 2 * A_DAY, by=mel.user)
    bodies = [one.body for one in Notice.objects.filter(user=made.user).order_by("pk")]
    said = ["Tuesday at 10", "Or Wednesday?", "no work in your days", "references"]
    assert [any(words in body for body in bodies) for words in said] == [True, True, True, False]
    with pytest.raises(WrongState):
        made.accept(skills=[], mentor=None, at=NOW, by=mel.user)


def test_whoever_has_the_address_and_did_not_send_it_deletes_it() -> None:
    made = make.application()
    made.disown(at=NOW)
    assert Application.objects.count() == 0
    assert User.objects.get(pk=made.user_id).claimed_email == ""


def test_what_was_proven_cannot_be_disowned() -> None:
    with pytest.raises(Refusal, match="settled already"):
        proven().disown(at=NOW)


def test_what_has_served_is_deleted() -> None:
    days = APPLICATION_DAYS.default
    never, withdrawn, waits = make.application("a@example.org"), proven("b@example.org"), proven("c@example.org")
    withdrawn.withdraw(at=NOW, by=None)
    assert withdrawn.forgotten_on == NOW.date() + days * A_DAY
    left = []
    for after in (13, 14, days - 1, days):
        with time_machine.travel(NOW + after * A_DAY, tick=False):
            sweep_applications()
        left.append("".join(sorted(one.email[0] for one in Application.objects.all())))
    assert left == ["abc", "bc", "bc", "c"]
    addresses = [User.objects.get(pk=one.user_id).address for one in (never, withdrawn, waits)]
    assert addresses == [f"{never.user_id}@erased.invalid", f"{withdrawn.user_id}@erased.invalid", "c@example.org"]


def test_an_account_stays_when_its_application_is_deleted(lee: User) -> None:
    make.application(by=lee).withdraw(at=NOW, by=lee)
    with time_machine.travel(NOW + APPLICATION_DAYS.default * A_DAY, tick=False):
        sweep_applications()
    lee.refresh_from_db()
    assert (Application.objects.count(), lee.name) == (0, "Jordan Lee")


def test_what_they_told_is_theirs_and_is_forgotten(lee: User, mel: Member) -> None:
    made = make.application(by=lee)
    made.note("He was late.", at=NOW, by=mel.user)
    facts = told(lee, at=NOW)["account"]["applications"]
    assert [(one["words"], one["may_work"]) for one in facts] == [("I cleaned offices.", True)]
    assert "late" not in str(facts)
    erase(lee, at=NOW)
    assert Application.objects.count() == 0
