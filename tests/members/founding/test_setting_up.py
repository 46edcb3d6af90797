"""The first person of a co-op: a one-time address, and what is still missing."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coop.errors import Refusal
from coop.models import ZipCode
from coop.readiness import needs as readiness
from members.founding.founders import found_coop
from members.models import Member, SetupKey, User
from tests import make
from tests.browsers import Browser
from tests.races import at_once

pytestmark = pytest.mark.django_db
ANA = {"name": "Ana Reyes", "email": "Ana@Example.org", "zip": "60601", "offices": ["coordinator", "treasurer"]}


def printed() -> str:
    """What the terminal says, in which the address stands."""
    said = StringIO()
    call_command("setup", stdout=said)
    return said.getvalue()


def address() -> str:
    """The path of a new address of setting up."""
    found = re.search(r"http://127\.0\.0\.1:8000(/setup/\S+)", printed())
    assert found
    return found[1]


def test_the_first_person_is_a_member_with_the_offices_they_choose(client: Browser) -> None:
    setup = address()
    assert client.get(setup).status_code == 200
    assert client.post(setup, ANA).headers["Location"] == reverse("readiness")
    ana = Member.objects.get()
    assert (ana.user.email, ana.user.name, ana.is_owner) == ("ana@example.org", "Ana Reyes", True)
    assert ana.user.roles == {"coordinator", "treasurer"}
    assert client.get(reverse("readiness")).status_code == 200
    assert client.get(reverse("home")).status_code == 200


def test_a_co_op_begins_where_its_first_member_lives(client: Browser) -> None:
    assert ZipCode.objects.served(timezone.localdate()).filter(code="11215").exists()
    client.post(address(), ANA)
    assert set(ZipCode.objects.served(timezone.localdate()).values_list("county", flat=True)) == {"Cook County"}


def test_the_key_is_kept_as_its_digest_only() -> None:
    key = address().rpartition("/")[2]
    assert [key in str(value) for row in SetupKey.objects.values() for value in row.values()] == [False] * 5


def test_an_address_works_once(client: Browser) -> None:
    setup = address()
    client.post(setup, ANA)
    late = Browser().post(setup, ANA | {"email": "bo@example.org"})
    assert (late.status_code, "Ana R." in late.content.decode()) == (410, True)
    assert User.objects.count() == 1


def test_a_newer_address_ends_an_earlier_one(client: Browser) -> None:
    earlier = address()
    address()
    assert client.get(earlier).status_code == 410


def test_nobody_gets_an_address_once_there_is_an_owner(ana: Member) -> None:
    assert "signs in" in printed()
    assert SetupKey.objects.count() == 0


def test_an_address_is_dead_once_somebody_was_appointed(client: Browser) -> None:
    setup = address()
    make.member("Ana Reyes")
    assert client.post(setup, ANA).status_code == 410


def test_somebody_known_signs_in_first_and_is_not_doubled(client: Browser, lee: User) -> None:
    setup = address()
    typed = ANA | {"email": lee.email}
    assert "already" in client.post(setup, typed).content.decode()
    client.force_login(lee)
    client.post(setup, {"name": "Jordan Lee", "zip": "11215", "offices": []})
    assert [member.user for member in Member.objects.all()] == [lee]


@pytest.mark.parametrize(
    ("field", "typed"), [("zip", "00000"), ("zip", "home"), ("name", ""), ("email", "ana@"), ("offices", ["king"])]
)
def test_what_cannot_be_kept_is_said_and_nothing_typed_is_lost(client: Browser, field: str, typed: str) -> None:
    answer = client.post(address(), ANA | {field: typed})
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert 'value="60601"' in answer.content.decode() or field == "zip"
    assert Member.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_wins() -> None:
    key = SetupKey.find(SetupKey.make(at=timezone.now()).rpartition("/")[2])
    area = make.zip_code()

    def begin(name: str) -> None:
        offices = ["coordinator"]
        email = f"{name}@example.org"
        found_coop(key, None, email=email, name=name, language="en", zip=area, offices=offices, at=timezone.now())

    told = at_once(lambda: begin("ana"), lambda: begin("bo"))
    assert sorted(isinstance(one, Refusal) for one in told) == [False, True]
    assert (Member.objects.count(), User.objects.count()) == (1, 1)


def test_every_need_has_words_and_a_place() -> None:
    for need in readiness.lacking():
        assert need.lacks
        assert need.mend
        assert not need.address or reverse(need.address)


def test_the_doctor_names_what_is_missing_and_where_it_is_mended(ana: Member) -> None:
    said = StringIO()
    with pytest.raises(CommandError, match="missing"):
        call_command("doctor", "--offline", stdout=said)
    assert "Nobody can reach the co-op." in said.getvalue()
    assert "http://127.0.0.1:8000/office/contact (coordinator, board)" in said.getvalue()


def test_every_owner_reads_what_is_missing_and_nobody_else(ana: Member, cara: Member, dan: User) -> None:
    answers = []
    for person in (ana.user, cara.user, dan):
        browser = Client()
        browser.force_login(person)
        answers.append(browser.get(reverse("readiness")).status_code)
    assert answers == [200, 403, 403]


def test_only_whoever_may_mend_something_is_led_to_its_page(ana: Member) -> None:
    mara = make.member("Mara Lund", hours=None, roles=["membership"])
    sol = make.member("Sol Vega", hours=None, roles=["coordinator"])
    led = []
    for person in (mara, sol, ana):
        browser = Client()
        browser.force_login(person.user)
        page = browser.get(reverse("readiness")).content.decode()
        assert "Nobody can reach the co-op." in page
        led.append(f'href="{reverse("contact_facts")}"' in page.partition("<main")[2].partition("</main")[0])
    assert led == [False, True, False]


def test_whoever_is_said_to_mend_something_comes_in(ana: Member) -> None:
    """To every page that a need leads to, all offices that it names; and any owner where it names none."""
    led = [(need.address, office) for need in readiness.lacking() for office in need.offices or ("",)]
    out = []
    for office in sorted({office for _address, office in led}):
        browser = Client()
        browser.force_login(make.member(f"Mara {office}", hours=None, roles=[office] if office else []).user)
        pages = [address for address, one in led if address and one == office]
        out += [(page, office) for page in pages if browser.get(reverse(page)).status_code != 200]
    assert out == []
