"""A certificate is shown, and counts once another person has checked it."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from PIL import Image

from bookings.models import Service
from coop.readiness.needs import lacking
from members.credentials.tasks import sweep_credentials
from members.models import Credential, CredentialType, Evidence, Member, Notice
from tests import make
from tests.browsers import Browser

pytestmark = pytest.mark.django_db
NOW = make.SPRING
TODAY = NOW.date()
ENDS = TODAY + timedelta(days=300)


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


@pytest.fixture
def mel() -> Member:
    return make.member("Mel Ortega", hours=None, roles=["membership"])


@pytest.fixture
def max_() -> Member:
    return make.member("Max Bell", hours=None, roles=["membership"])


def signed_in(member: Member) -> Browser:
    browser = Browser()
    browser.force_login(member.user)
    return browser


def photo(*, size: tuple[int, int] = (80, 60)) -> SimpleUploadedFile:
    """As a phone takes it, with where it was taken."""
    kept, exif = BytesIO(), Image.Exif()
    exif[0x010F] = "Phone of Ana"
    Image.new("RGB", size, "white").save(kept, "JPEG", exif=exif)
    return SimpleUploadedFile("hha.jpg", kept.getvalue(), content_type="text/plain")


def hha() -> CredentialType:
    return CredentialType.objects.get(code="hha")


def answers(**said: Any) -> dict[str, Any]:
    told = {"type": hha().pk, "number": "HHA-1", "issued_on": TODAY.isoformat(), "expires_on": ENDS.isoformat()}
    return told | {"photo": photo()} | said


def shown(member: Member, **said: Any) -> Evidence:
    facts = {"type": hha(), "number": "HHA-1", "issued_on": TODAY, "expires_on": ENDS, "photo": photo().read()}
    return Evidence.show(member, **facts | {"at": NOW, "by": member.user} | said)


def mails(member: Member) -> list[str]:
    return sorted(key.split(":")[0] for key in Notice.objects.filter(user=member.user).values_list("key", flat=True))


def test_from_a_photo_to_a_certificate_that_counts(ana: Member, mel: Member, max_: Member) -> None:
    browser = signed_in(ana)
    assert browser.post(reverse("show_evidence"), answers())["Location"] == reverse("me")
    waiting = Evidence.objects.get()
    kept = bytes(waiting.picture)
    assert (kept[:2], b"Phone of Ana" in kept) == (b"\xff\xd8", False)
    assert (Credential.objects.count(), mails(mel), mails(max_)) == (0, ["evidence_waits"], ["evidence_waits"])
    office = signed_in(mel)
    assert "Ana" in office.get(reverse("certificates")).content.decode()
    assert "Certificates to check" in office.get(reverse("home")).content.decode()
    assert office.get(reverse("evidence_picture", args=[waiting.pk]))["Content-Type"] == "image/jpeg"
    office.post(reverse("accept_evidence", args=[waiting.pk]))
    held = Credential.objects.get()
    assert (held.kind, held.number, held.expires_on, held.verified_by) == ("hha", "HHA-1", ENDS, mel)
    assert mails(ana) == ["evidence_accepted"]
    assert Credential.objects.valid(TODAY).count() == 1


def test_a_no_has_words_that_the_member_reads(ana: Member, mel: Member) -> None:
    waiting, office = shown(ana), signed_in(mel)
    assert "required" in office.post(reverse("refuse_evidence", args=[waiting.pk]), {}).content.decode()
    office.post(reverse("refuse_evidence", args=[waiting.pk]), {"words": "It is too dark to read."})
    page = signed_in(ana).get(waiting.get_absolute_url()).content.decode()
    assert ("It is too dark to read." in page, mails(ana)) == (True, ["evidence_refused"])
    assert Credential.objects.count() == 0


def test_nobody_checks_their_own_nor_what_they_wrote_down(ana: Member, mel: Member, max_: Member) -> None:
    own = shown(mel)
    assert signed_in(mel).post(reverse("accept_evidence", args=[own.pk])).status_code == 403
    assert signed_in(mel).post(reverse("write_down_certificate"), answers(member=ana.pk))["Location"] == reverse(
        "certificates"
    )
    written = Evidence.objects.get(member=ana)
    assert (mails(ana), mails(max_)) == (["evidence_written"], ["evidence_waits", "evidence_waits"])
    assert signed_in(mel).post(reverse("accept_evidence", args=[written.pk])).status_code == 403
    for row, checker in ((own, mel), (written, mel), (written, ana)):
        with pytest.raises(IntegrityError, match="whoever_checks_a_certificate"), transaction.atomic():
            Evidence.objects.filter(pk=row.pk).update(state="valid", checked_by=checker, decided_at=NOW)
    with pytest.raises(IntegrityError, match="nobody_verifies_their_own"), transaction.atomic():
        Credential.objects.create(member=ana, kind="hha", issued_on=TODAY, verified_by=ana)
    assert signed_in(max_).post(reverse("accept_evidence", args=[written.pk])).status_code == 302


def test_where_the_office_has_nobody_else_another_office_checks(ana: Member, mel: Member) -> None:
    ben, sol = make.member("Ben Board", hours=None, roles=["board"]), make.member("Sol", hours=None, roles=["mentor"])
    own, anas = shown(mel), shown(ana)
    browser = signed_in(ben)
    assert [browser.get(one.get_absolute_url()).status_code for one in (own, anas)] == [200, 404]
    assert signed_in(sol).get(own.get_absolute_url()).status_code == 404
    browser.post(reverse("accept_evidence", args=[own.pk]))
    assert Credential.objects.get().verified_by == ben


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"photo": ""}, "a photo of it is needed"),
        ({"photo": SimpleUploadedFile("a.jpg", b"%PDF-1.7 no picture", "image/jpeg")}, "cannot read this as a photo"),
        ({"photo": SimpleUploadedFile("a.jpg", b"x" * (8 * 1024 * 1024 + 1), "image/jpeg")}, "larger than 8 MB"),
        ({"issued_on": "2099-01-01"}, "lies ahead"),
        ({"issued_on": "2020-01-01", "expires_on": "2021-01-01"}, "has ended already"),
        ({"issued_on": "2020-01-01", "expires_on": "2019-01-01"}, "has to end after"),
        ({"issued_on": "nonsense"}, 'aria-invalid="true"'),
        ({"type": "0"}, 'aria-invalid="true"'),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_typed_is_lost(ana: Member, said: dict[str, Any], words: str) -> None:
    page = signed_in(ana).post(reverse("show_evidence"), answers(**said)).content.decode()
    assert (words in page, "HHA-1" in page, Evidence.objects.count()) == (True, True, 0)


def test_one_of_a_kind_waits_at_a_time_and_can_be_taken_back(ana: Member, bo: Member) -> None:
    waiting, browser = shown(ana), signed_in(ana)
    assert "waits to be checked already" in browser.post(reverse("show_evidence"), answers()).content.decode()
    assert signed_in(bo).post(reverse("withdraw_evidence", args=[waiting.pk])).status_code == 404
    browser.post(reverse("withdraw_evidence", args=[waiting.pk]))
    waiting.refresh_from_db()
    assert (waiting.state, waiting.picture) == ("withdrawn", None)
    assert browser.post(reverse("show_evidence"), answers())["Location"] == reverse("me")


def test_a_kind_says_how_long_one_holds_at_most(ana: Member) -> None:
    hha().change(name_en="HHA", name_es="HHA", months=12, needs_evidence=False, at=NOW, by=ana.user)
    first = shown(ana, issued_on=date(2026, 1, 31), expires_on=None, photo=None)
    assert (first.expires_on, first.picture) == (date(2027, 1, 31), None)


def test_a_photo_that_has_served_is_deleted_after_a_while(ana: Member, mel: Member, clock: Any) -> None:
    waiting = shown(ana)
    waiting.accept(at=NOW, by=mel.user)
    clock.move_to(NOW + timedelta(days=89))
    sweep_credentials()
    assert Evidence.objects.filter(picture__isnull=False).count() == 1
    clock.move_to(NOW + timedelta(days=91))
    sweep_credentials()
    assert Evidence.objects.filter(picture__isnull=False).count() == 0
    assert signed_in(ana).get(reverse("evidence_picture", args=[waiting.pk])).status_code == 404


def test_the_office_ends_a_certificate_with_words(ana: Member, mel: Member) -> None:
    held = make.credential(ana, issued_on=TODAY)
    browser = signed_in(mel)
    browser.post(reverse("end_credential", args=[held.pk]), {"words": "The registry says it was taken back."})
    assert (Credential.objects.valid(TODAY).count(), mails(ana)) == (0, ["credential_ended"])
    page = browser.post(reverse("end_credential", args=[held.pk]), {"words": "Twice."}).content.decode()
    assert "has ended already" in page


def test_the_office_names_kinds_and_services_choose_among_them(mel: Member) -> None:
    sol = make.member("Sol Vega", hours=None, roles=["coordinator"])
    said = {"name_en": "CPR", "name_es": "RCP", "months": "24", "needs_evidence": "yes"}
    assert signed_in(sol).post(reverse("add_certificate_kind"), said).status_code == 403
    signed_in(mel).post(reverse("add_certificate_kind"), said)
    assert "CPR" in signed_in(sol).get(reverse("add_service")).content.decode()
    signed_in(mel).post(reverse("change_certificate_kind", args=["cpr"]), said | {"name_en": "CPR card"})
    assert "CPR card" in signed_in(sol).get(reverse("certificate_kinds")).content.decode()


def test_a_service_that_needs_what_nobody_holds_says_so(ana: Member) -> None:
    sol = make.member("Sol Vega", hours=None, roles=["coordinator"])
    browser = signed_in(sol)
    assert Service.objects.without_holders(TODAY).get().code == "aide"
    assert "certificates" in [need.key for need in lacking()]
    assert "It needs a certificate that nobody holds." in browser.get(reverse("prices")).content.decode()
    make.credential(ana)
    assert "certificates" not in [need.key for need in lacking()]
    assert "It needs a certificate that nobody holds." not in browser.get(reverse("prices")).content.decode()
