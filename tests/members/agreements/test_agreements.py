"""What everybody who works here accepts: in versions, in both languages; without it nobody is asked for new work."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse

from bookings.catalog.readiness import _pay_notice_is_true
from coop.errors import Refusal
from coop.models import Amendment, Event
from members.agreements.agreed import missing
from members.agreements.tasks import sweep_agreements
from members.models import Acceptance, Agreement, AgreementVersion, Member, Notice
from members.personal_data import told
from tests import make
from tests.browsers import Browser
from tests.races import at_once

pytestmark = pytest.mark.django_db
NOW = make.SPRING
A_DAY = timedelta(days=1)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


@pytest.fixture
def ben() -> Member:
    return make.member("Ben Board", hours=None, roles=["board"])


def signed_in(member: Member) -> Browser:
    browser = Browser()
    browser.force_login(member.user)
    return browser


def version(by: Member, agreement: Agreement | None = None, *, days: int = 0, **said: Any) -> AgreementVersion:
    agreement = agreement or Agreement.add(name_en="Handbook", name_es="Manual", at=NOW, by=by.user)
    words = {"text_en": "We are kind.", "text_es": "Somos amables.", "changed_en": "A comma."}
    return AgreementVersion.write(agreement, starts_on=TODAY + days * A_DAY, **words | said, at=NOW, by=by.user)


def page(member: Member, name: str, *args: Any) -> str:
    return signed_in(member).get(reverse(name, args=args)).content.decode()


def test_whoever_has_not_accepted_is_not_asked_and_keeps_what_they_said_yes_to(
    ben: Member, ana: Member, bo: Member
) -> None:
    before = make.accepted(starts_at=NOW + 3 * A_DAY, at=NOW)
    kept, other = before.member, ({ana, bo} - {before.member}).pop()
    assert kept
    handbook = version(ben)
    handbook.accept(language="es", at=NOW, by=other.user)
    asked = make.confirmed(starts_at=NOW + 4 * A_DAY, at=NOW).visits.get().shifts.get()
    assert asked.member == other
    order = {one.member: one.against for one in asked.in_turn(at=NOW)}
    assert (order[kept.pk], order[other.pk]) == ("not_matched", "")
    before.refresh_from_db()
    assert (before.state, before.member) == ("accepted", kept)
    assert {one.member: one.against for one in before.in_turn(at=NOW)}[kept.pk] == "passed", "who has it"


def test_an_offer_made_before_waits_until_it_is_accepted(ben: Member, ana: Member) -> None:
    shift = make.confirmed(starts_at=NOW + 3 * A_DAY, at=NOW).visits.get().shifts.get()
    offer, handbook = shift.offers.get(), version(ben)
    with pytest.raises(Refusal, match="read and accepted"):
        offer.accept(at=NOW, by=ana.user)
    assert ["Read and accept" in page(ana, name) for name in ("today", "offers")] == [True, True]
    browser = signed_in(ana)
    browser.post(reverse("accept_agreement", args=[handbook.pk]), {"language": "es"})
    offer.accept(at=NOW, by=ana.user)
    assert "Read and accept" not in page(ana, "today")


def test_what_was_accepted_stays_in_its_words_and_a_new_version_asks_again(
    ben: Member, ana: Member, clock: Any
) -> None:
    first = version(ben)
    first.accept(language="es", at=NOW, by=ana.user)
    second = version(ben, first.agreement, days=10, text_es="Somos muy amables.")
    today = AgreementVersion.objects.to_accept(ana, TODAY)
    later = AgreementVersion.objects.to_accept(ana, TODAY + 10 * A_DAY)
    assert (list(today), list(later), list(AgreementVersion.objects.to_read(ana, TODAY))) == ([], [second], [second])
    kept = Acceptance.objects.get()
    assert "Somos amables." in page(ana, "my_acceptance", kept.pk)
    assert signed_in(ben).get(reverse("my_acceptance", args=[kept.pk])).status_code == 404
    (mine,) = told(ana.user, at=NOW)["account"]["work"]["agreements"]
    assert (mine["language"], mine["text"]) == ("es", "Somos amables.")


def test_everybody_is_told_before_the_day_and_on_it_once(ben: Member, ana: Member, clock: Any) -> None:
    coming = version(ben, days=5)
    coming.accept(language="en", at=NOW, by=ben.user)
    for day in (0, 0, 5, 6):
        clock.move_to(NOW + day * A_DAY)
        sweep_agreements()
    found = Notice.objects.order_by("due_at").values_list("key", "user")
    assert list(found) == [
        (f"{kind}:{coming.pk}:{ana.user_id}", ana.user_id) for kind in ("agreement_comes", "agreement_waits")
    ]


def test_the_office_sees_who_has_not_and_others_do_not(ben: Member, ana: Member, bo: Member) -> None:
    handbook = version(ben)
    handbook.accept(language="en", at=NOW, by=bo.user)
    assert missing(handbook, TODAY) == [ana, ben]
    words = [page(one, "agreement_version", handbook.pk) for one in (ben, bo)]
    assert [("Who has not accepted it" in text, "Ana Reyes" in text) for text in words] == [
        (True, True),
        (False, False),
    ]
    assert "People who have something to accept" in page(ben, "home")


def test_an_agreement_is_written_on_pages_in_both_languages(ben: Member, ana: Member) -> None:
    browser = signed_in(ben)
    browser.post(reverse("add_agreement"), {"kind": "handbook"})
    made = Agreement.objects.get()
    said = {"starts_on": TODAY.isoformat(), "text_en": "We are kind.", "text_es": ""}
    browser.post(reverse("write_agreement", args=[made.code]), said)
    assert not made.versions.exists()
    browser.post(reverse("write_agreement", args=[made.code]), said | {"text_es": "Somos amables."})
    assert (made.name_es, made.versions.get().made_by) == ("Manual", ben)
    browser.post(reverse("write_agreement", args=[made.code]), said | {"text_es": "Somos."})
    assert made.versions.count() == 1, "what is new has to be said"
    assert signed_in(ana).get(reverse("write_agreement", args=[made.code])).status_code == 403


def test_one_that_is_ended_asks_nobody_until_it_is_taken_up(ben: Member, ana: Member) -> None:
    handbook = version(ben)
    handbook.agreement.end(at=NOW, by=ben.user)
    assert not AgreementVersion.objects.to_read(ana, TODAY).exists()
    with pytest.raises(Refusal, match="Ask for it again"):
        version(ben, handbook.agreement, days=1)
    handbook.agreement.take_up(at=NOW, by=ben.user)
    assert AgreementVersion.objects.to_accept(ana, TODAY).exists()


def test_a_change_of_pay_asks_for_a_new_notice_of_pay(ben: Member) -> None:
    Amendment.objects.create(
        policy="bookings.pay_floor", numerator=2300, effective_on=TODAY + A_DAY, enacted_at=NOW, source="test"
    )
    assert _pay_notice_is_true()
    notice = version(ben, Agreement.add(name_en="Pay notice", name_es="Aviso", at=NOW, by=ben.user))
    assert not _pay_notice_is_true()
    version(ben, notice.agreement, days=1)
    assert _pay_notice_is_true()


def test_a_day_is_within_a_year_and_has_one_version(ben: Member) -> None:
    first = version(ben, days=365)
    for days, why in ((366, "within a year"), (365, "for that day already")):
        with pytest.raises(Refusal, match=why) as refused:
            version(ben, first.agreement, days=days)
        assert refused.value.field == "starts_on"
    twin = AgreementVersion(agreement=first.agreement, starts_on=first.starts_on, text_en="A", text_es="B")
    twin.made_by, twin.made_at = ben, NOW
    with pytest.raises(DatabaseError, match="an_agreement_has_one_version_a_day"), transaction.atomic():
        twin.save()


def test_before_its_day_a_version_is_taken_back_and_nobody_is_asked_for_it(
    ben: Member, ana: Member, clock: Any
) -> None:
    first = version(ben)
    wrong = version(ben, first.agreement, days=5)
    wrong.accept(language="en", at=NOW, by=ben.user)
    for one in (ana, ben):
        first.accept(language="en", at=NOW, by=one.user)
    address, button = reverse("take_back_agreement", args=[wrong.pk]), "Take it back"
    assert [button in page(one, "agreement_version", wrong.pk) for one in (ben, ana)] == [True, False]
    assert signed_in(ana).post(address).status_code == 403
    signed_in(ben).post(address)
    assert "will not hold" in page(ana, "agreement_version", wrong.pk)
    with pytest.raises(Refusal, match="taken back"):
        wrong.accept(language="en", at=NOW, by=ana.user)
    again = version(ben, first.agreement, days=5, text_en="We are very kind.")
    assert list(AgreementVersion.objects.to_read(ana, TODAY)) == [again]
    again.take_back(at=NOW, by=ben.user)
    clock.move_to(NOW + 5 * A_DAY)
    sweep_agreements()
    assert not Notice.objects.exists()
    assert not AgreementVersion.objects.to_accept(ana, TODAY + 5 * A_DAY).exists()
    shift = make.confirmed(starts_at=NOW + 9 * A_DAY, at=NOW + 5 * A_DAY).visits.get().shifts.get()
    assert shift.member == ana, "what was taken back keeps no work from her"
    assert "newer version" not in page(ana, "agreement_version", first.pk)
    verbs = Event.objects.about(wrong).values_list("verb", "actor")
    assert list(verbs) == [("write", ben.user_id), ("take_back", ben.user_id)]


def test_from_its_day_on_a_version_is_taken_back_neither_by_a_verb_nor_in_the_database(ben: Member) -> None:
    code = Agreement.add(name_en="Code", name_es="Código", at=NOW, by=ben.user)
    holds, coming = version(ben), version(ben, code, days=5)
    assert "Take it back" not in page(ben, "agreement_version", holds.pk)
    with pytest.raises(Refusal, match="holds already"):
        holds.take_back(at=NOW, by=ben.user)
    gone = {"taken_back_on": TODAY, "taken_back_by": ben}
    for one, facts in (
        (holds, gone),
        (coming, gone | {"taken_back_by": None}),
        (coming, gone | {"taken_back_on": None}),
    ):
        with pytest.raises(DatabaseError, match="by_somebody_before_its_day"), transaction.atomic():
            AgreementVersion.objects.filter(pk=one.pk).update(**facts)
    coming.take_back(at=NOW, by=ben.user)
    with pytest.raises(Refusal, match="already"):
        coming.take_back(at=NOW, by=ben.user)
    with pytest.raises(DatabaseError), transaction.atomic():
        AgreementVersion.objects.filter(pk=coming.pk).update(taken_back_on=None, taken_back_by=None)


@pytest.mark.django_db(transaction=True)
def test_of_two_versions_at_once_for_a_day_the_second_reads_that_there_is_one() -> None:
    ben = make.member("Ben Board", hours=None, roles=["board"])
    handbook = Agreement.add(name_en="Handbook", name_es="Manual", at=NOW, by=ben.user)
    ends = at_once(*[lambda: version(ben, handbook)] * 2)
    refused = [end for end in ends if isinstance(end, Refusal)]
    assert (handbook.versions.count(), [str(one)[:38] for one in refused]) == (
        1,
        ["There is a version for that day alread"],
    )


def test_what_a_newer_version_has_replaced_is_not_accepted_and_leads_to_it(
    ben: Member, ana: Member, clock: Any
) -> None:
    first = version(ben)
    second = version(ben, first.agreement, days=1)
    assert "newer version" not in page(ana, "agreement_version", first.pk)
    clock.move_to(NOW + A_DAY)
    address = reverse("accept_agreement", args=[first.pk])
    answer = signed_in(ana).post(address, {"language": "en"}, follow=True).content.decode()
    assert not Acceptance.objects.exists()
    assert ("Please read that." in answer, second.get_absolute_url() in answer) == (True, True)


def test_the_database_never_lets_what_was_agreed_be_rewritten(ben: Member, ana: Member) -> None:
    handbook = version(ben)
    handbook.accept(language="en", at=NOW, by=ana.user)
    handbook.accept(language="es", at=NOW, by=ana.user)
    assert Acceptance.objects.get().language == "en"
    for rows in (AgreementVersion.objects.all(), Acceptance.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        AgreementVersion.objects.update(text_en="We are not.")
