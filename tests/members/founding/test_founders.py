"""How the others come in: an invitation that each accepts by a code of their own, and offices that are shared out."""

import re
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone

from coop.errors import Refusal
from members.founding.founders import seat, share_offices
from members.models import FounderInvitation, Member, Notice, Role, User
from members.standing import founded
from tests import make
from tests.browsers import Browser

pytestmark = pytest.mark.django_db
ASKED = {"email": "bo@example.org", "name": "Bo Lindgren", "offices": ["treasurer", "board"]}


@pytest.fixture
def first() -> Member:
    """Alone with a co-op that has not opened yet."""
    return make.member("Ana Reyes", hours=None, roles=["coordinator", "treasurer"])


@pytest.fixture
def founding(monkeypatch: pytest.MonkeyPatch) -> None:
    """The co-op of the tests has opened; this one has not."""
    monkeypatch.setattr(founded, "ends", [])


def invite(by: Member, **more: object) -> FounderInvitation:
    return FounderInvitation.invite(**(ASKED | more), at=timezone.now(), by=by.user)  # type: ignore[arg-type]


def test_a_founder_accepts_by_a_code_of_their_own(
    client: Browser, first: Member, mailoutbox: list[EmailMessage]
) -> None:
    client.force_login(first.user)
    client.post(reverse("invite_founder"), ASKED)
    invited = FounderInvitation.objects.get()
    page = reverse("accept_founding", args=[invited.pk])
    assert page in Notice.objects.get().body
    assert Member.objects.count() == 1
    theirs = Browser()
    assert theirs.get(page).status_code == 302
    theirs.post(reverse("account_login"), {"email": "Bo@Example.org"})
    code = re.search(r"\d{4}-\d{4}", str(mailoutbox[-1].body))
    assert code
    theirs.post(reverse("account_confirm_login_code"), {"code": code[0]})
    assert "Treasurer" in theirs.get(page).content.decode()
    assert theirs.post(page, {"name": "Bo Lindgren", "zip": "11215"}).headers["Location"] == reverse("readiness")
    bo = Member.objects.get(user__email="bo@example.org")
    assert (bo.is_owner, bo.user.roles) == (True, {"treasurer", "board"})
    assert User.objects.count() == 2


def test_an_address_that_is_known_joins_that_person(client: Browser, first: Member, lee: User) -> None:
    invited = invite(first, email=lee.email)
    client.force_login(lee)
    client.post(reverse("accept_founding", args=[invited.pk]), {"name": "Jordan Lee", "zip": "11215"})
    assert Member.objects.get(user=lee).is_owner
    assert User.objects.filter(name="Jordan Lee").count() == 1


def test_whoever_has_not_answered_is_not_asked_again(client: Browser, first: Member) -> None:
    invite(first)
    client.force_login(first.user)
    answer = client.post(reverse("invite_founder"), ASKED | {"offices": ["safety"]})
    assert "They are invited already" in answer.content.decode()
    assert FounderInvitation.objects.get().offices == ["treasurer", "board"]
    assert (User.objects.count(), Notice.objects.count()) == (2, 1)


def test_somebody_of_the_co_op_is_not_asked(client: Browser, first: Member) -> None:
    client.force_login(first.user)
    answer = client.post(reverse("invite_founder"), ASKED | {"email": first.user.email})
    assert answer.context["form"].errors.keys() == {"email"}
    assert 'value="Bo Lindgren"' in answer.content.decode()


def test_what_was_taken_back_is_not_accepted_and_the_address_is_forgotten(client: Browser, first: Member) -> None:
    invited = invite(first)
    client.force_login(first.user)
    client.post(reverse("withdraw_founder", args=[invited.pk]))
    invited.refresh_from_db()
    assert invited.state == "withdrawn"
    assert not User.objects.filter(claimed_email="bo@example.org").exists()


def test_nobody_sees_an_invitation_of_somebody_else(client: Browser, first: Member, dan: User) -> None:
    invited = invite(first)
    for person in (dan, first.user):
        client.force_login(person)
        assert client.get(reverse("accept_founding", args=[invited.pk])).status_code == 404


def test_a_founded_co_op_takes_in_nobody_this_way(client: Browser, first: Member) -> None:
    for name in ("Bo Lindgren", "Cleo Park"):
        make.member(name, hours=None)
    with pytest.raises(Refusal, match="is founded"):
        invite(first)
    with pytest.raises(Refusal, match="is founded"):
        share_offices({}, at=timezone.now(), by=first.user)
    client.force_login(first.user)
    for page in ("invite_founder", "share_offices"):
        assert "founded" in client.get(reverse(page)).content.decode()


@pytest.mark.usefixtures("founding")
def test_founders_share_out_the_offices(client: Browser, first: Member) -> None:
    bo = make.member("Bo Lindgren", hours=None)
    cleo = make.member("Cleo Park", hours=None)
    client.force_login(first.user)
    chosen = {f"member-{first.pk}": ["coordinator"], f"member-{bo.pk}": ["treasurer", "board"]}
    client.post(reverse("share_offices"), chosen)
    held = Role.objects.held(timezone.now())
    assert sorted((role.member.short_name, role.kind) for role in held.select_related("member__user")) == [
        ("Ana R.", "coordinator"),
        ("Bo L.", "board"),
        ("Bo L.", "treasurer"),
    ]
    client.post(reverse("share_offices"), chosen | {f"member-{cleo.pk}": ["king"]})
    assert Role.objects.held(timezone.now()).count() == 3


@pytest.mark.usefixtures("founding")
def test_whoever_joins_while_the_page_is_open_keeps_their_offices(client: Browser, first: Member) -> None:
    bo = make.member("Bo Lindgren", hours=None, roles=["board"])
    client.force_login(first.user)
    page = client.get(reverse("share_offices"))
    assert all(f'name="shown" value="member-{one.pk}"' in page.content.decode() for one in (first, bo))
    make.member("Cleo Park", hours=None, roles=["treasurer", "safety"])
    shown = page.context["form"]["shown"].value()
    client.post(reverse("share_offices"), {"shown": shown, f"member-{first.pk}": ["coordinator"]})
    held = Role.objects.held(timezone.now()).values_list("member__user__name", "kind")
    assert sorted(held) == [("Ana Reyes", "coordinator"), ("Cleo Park", "safety"), ("Cleo Park", "treasurer")]


@pytest.mark.usefixtures("founding")
def test_whoever_is_given_an_office_or_loses_one_is_told_and_by_which_decision(first: Member) -> None:
    bo = make.member("Bo Lindgren", hours=None, roles=["safety"])
    share_offices({first: ["coordinator"], bo: ["treasurer"]}, at=timezone.now(), by=first.user)
    told = Notice.objects.filter(key__startswith="office_changed:")
    assert [notice.user for notice in told] == [bo.user, bo.user]
    assert all("shared out by the founders" in notice.body for notice in told)
    assert Role.objects.get(member=bo, kind="treasurer").decision == "shared out by the founders"


@pytest.mark.usefixtures("founding")
def test_an_office_that_begins_later_is_not_given_twice(client: Browser, first: Member) -> None:
    make.role(first, "safety", starts_on=timezone.localdate() + timedelta(days=9))
    client.force_login(first.user)
    chosen = {f"member-{first.pk}": ["coordinator", "safety"]}
    page = client.post(reverse("share_offices"), chosen).content.decode()
    assert "They hold that office in these days already." in page
    assert Role.objects.held(timezone.now()).count() == 2
    with pytest.raises(Refusal, match="in these days already"):
        seat(first, "safety", at=timezone.now())


@pytest.mark.parametrize("step", ["suspend", "go_on_leave"])
def test_whoever_is_away_invites_nobody_and_shares_nothing_out(client: Browser, first: Member, step: str) -> None:
    invited = invite(first)
    getattr(first, step)(at=timezone.now(), by=None, note="For now")
    client.force_login(first.user)
    sent = [client.post(reverse(page), ASKED).status_code for page in ("invite_founder", "share_offices")]
    assert [*sent, client.post(reverse("withdraw_founder", args=[invited.pk])).status_code] == [403, 403, 403]
    assert FounderInvitation.objects.waiting().get() == invited


def test_once_the_co_op_is_founded_an_invitation_is_not_accepted(client: Browser, first: Member, lee: User) -> None:
    invited = invite(first, email=lee.email)
    for name in ("Bo Lindgren", "Cleo Park"):
        make.member(name, hours=None)
    client.force_login(lee)
    page = reverse("accept_founding", args=[invited.pk])
    answer = client.post(page, {"name": "Jordan Lee", "zip": "11215"})
    assert "The co-op is founded" in answer.content.decode()
    with pytest.raises(Refusal, match="is founded"):
        invited.accept(name="Jordan Lee", zip=first.zip, at=timezone.now(), by=lee)
    invited.refresh_from_db()
    assert (invited.state, Member.objects.filter(user=lee).exists()) == ("invited", False)
