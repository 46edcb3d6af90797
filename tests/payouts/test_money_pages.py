"""The pages about money: who sees what, what they say, and that more rows cost no more."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.models import Member, User
from payouts.models import CardSession, Charge, PayeeAccount, Payout, PayRun
from payouts.payroll.presenters import paid_by_clients
from payouts.sandbox import Fault, Mode, Sandbox
from payouts.stripe import calls
from payouts.stripe.tasks import sweep_webhooks
from tests import make
from tests.browsers import Browser as Client
from tests.payouts.stage import NOW, booking, choose_card, cleaning, done_visit, paid_visit, work_through

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=8)


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(client: Client, url: str, *, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return answer.content.decode()


@pytest.fixture
def board(db: None) -> User:
    return make.member("Bea Board", hours=None, roles=["board"]).user


@pytest.fixture
def run(ana: Member, tess: Member) -> PayRun:
    done_visit()
    return PayRun.draft(ends_on=date(2026, 3, 15), at=LATER, by=tess.user)


def coming_noon() -> datetime:
    return datetime.now(UTC).replace(hour=16, minute=0, second=0, microsecond=0) + timedelta(days=2)


def test_a_client_without_an_account_is_led_to_the_card_page_and_back(
    client: Client, sandbox: Sandbox, ana: Member
) -> None:
    booked = booking(starts_at=coming_noon(), at=datetime.now(UTC), browser=client)
    assert "One step is left" in text(client, reverse("save_card", args=[booked.token]))
    answer = client.post(reverse("save_card", args=[booked.token]))
    assert (answer.status_code, answer["Location"].startswith(sandbox.url)) == (303, True)
    choose_card(CardSession.objects.get())
    back = client.get(reverse("card_saved", args=[booked.token]))
    assert (back.status_code, back["Location"]) == (302, reverse("booking", args=[booked.token]))
    booked.refresh_from_db()
    assert booked.state == "confirmed"


def test_a_declined_card_is_said_with_a_way_to_try_again(client: Client, sandbox: Sandbox, ana: Member) -> None:
    booked = booking(starts_at=coming_noon(), at=datetime.now(UTC), browser=client)
    client.post(reverse("save_card", args=[booked.token]))
    choose_card(CardSession.objects.get(), "visa_chargeDeclined")
    back = client.get(reverse("card_saved", args=[booked.token]), follow=True)
    assert "The bank said no to that card" in back.content.decode()
    assert "Try again" in back.content.decode()


def test_when_stripe_does_not_answer_the_client_is_told_and_nothing_is_lost(
    client: Client, sandbox: Sandbox, ana: Member
) -> None:
    booked = booking(starts_at=coming_noon(), at=datetime.now(UTC), browser=client)
    sandbox.faults(Fault(Mode.ERROR_BEFORE, times=9))
    page = reverse("save_card", args=[booked.token])
    answer = client.post(page, headers={"Referer": f"http://testserver{page}"}, follow=True)
    assert answer.status_code == 200
    assert "try again in a minute" in answer.content.decode()
    sandbox.faults()
    assert client.post(page).status_code == 303


@pytest.fixture
def hanging(settings: Any) -> Iterator[list[socket.socket]]:
    """A Stripe that takes every call and never says a word; the calls that it took."""
    calls: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def take_calls() -> None:
            with suppress(OSError):
                while True:
                    calls.append(server.accept()[0])

        threading.Thread(target=take_calls, daemon=True).start()
        settings.STRIPE_API_KEY = "sk_test_money"
        settings.STRIPE_BASE_URL = f"http://127.0.0.1:{server.getsockname()[1]}"
        yield calls
        server.shutdown(socket.SHUT_RDWR)


def test_while_stripe_hangs_one_person_waits_a_moment_and_all_are_told(
    client: Client, hanging: list[socket.socket], ana: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert calls.PATIENCE <= 8
    monkeypatch.setattr(calls, "PATIENCE", 2)
    booked = booking(starts_at=coming_noon(), at=datetime.now(UTC), browser=client)
    page = reverse("save_card", args=[booked.token])
    for _time in range(2):
        answer = client.post(page, headers={"Referer": f"http://testserver{page}"}, follow=True)
        assert "try again in a minute" in answer.content.decode()
    assert len(hanging) == 1


def test_whoever_is_back_from_a_card_page_while_stripe_is_away_is_told_on_the_way(
    client: Client, sandbox: Sandbox, ana: Member
) -> None:
    booked = booking(starts_at=coming_noon(), at=datetime.now(UTC), browser=client)
    client.post(reverse("save_card", args=[booked.token]))
    choose_card(CardSession.objects.get())
    sandbox.faults(Fault(Mode.ERROR_BEFORE, method="GET"))
    back = client.get(reverse("card_saved", args=[booked.token]), follow=True)
    assert back.redirect_chain[-1][0] == reverse("save_card", args=[booked.token])
    assert "try again in a minute" in back.content.decode()
    sweep_webhooks()
    booked.refresh_from_db()
    assert booked.state == "confirmed"


def test_a_line_that_broke_is_tried_once_more(client: Client, sandbox: Sandbox, ana: Member) -> None:
    booked = booking(starts_at=coming_noon(), at=datetime.now(UTC), browser=client)
    sandbox.faults(Fault(Mode.LOST_AFTER, path="/v1/customers"))
    assert client.post(reverse("save_card", args=[booked.token])).status_code == 303


def test_a_cancelled_booking_needs_no_card(client: Client, ana: Member) -> None:
    booked = booking(browser=client)
    booked.cancel(at=NOW, by=None)
    assert "needs no card" in text(client, reverse("save_card", args=[booked.token]))


def test_a_receipt_says_what_was_paid_and_where_each_cent_went(sandbox: Sandbox, ana: Member) -> None:
    done = paid_visit()
    page = text(as_(done.booking.client.user), reverse("receipt", args=[done.pk]))
    for amount in ("$140.00", "$133.00", "$5.60", "$0.70"):
        assert amount in page


def test_a_receipt_is_for_the_client_and_the_treasurer(ana: Member, tess: Member, sol: Member, lee: User) -> None:
    done = done_visit()
    url = reverse("receipt", args=[done.pk])
    found = {user.name: as_(user).get(url).status_code for user in (tess.user, sol.user, lee, ana.user)}
    assert found == {"Tess Marin": 200, "Sol Vega": 404, "Jordan Lee": 404, "Ana Reyes": 404}


def test_a_client_tips_once_and_the_worker_gets_all_of_it(sandbox: Sandbox, ana: Member) -> None:
    done = paid_visit()
    client = as_(done.booking.client.user)
    assert client.post(reverse("tip", args=[done.pk]), {"amount": "12.50"}).status_code == 302
    again = client.post(reverse("tip", args=[done.pk]), {"amount": "5"})
    assert (again.status_code, "already given a tip" in again.content.decode()) == (422, True)
    work_through(Charge.objects.all(), at=datetime.now(UTC) + timedelta(minutes=1))
    assert "$12.50" in text(as_(ana.user), reverse("earnings"))


@pytest.mark.parametrize("amount", ["", "0", "-5", "1e9", "12.345", "free", "501"])
def test_a_tip_that_makes_no_sense_is_said_so(ana: Member, amount: str) -> None:
    done = done_visit()
    answer = as_(done.booking.client.user).post(reverse("tip", args=[done.pk]), {"amount": amount})
    assert answer.status_code == 422


def test_a_member_sees_what_they_earned_at_once(ana: Member) -> None:
    done_visit()
    page = text(as_(ana.user), reverse("earnings"))
    assert page.count("$133.00") >= 2
    assert "3.5 hours" in page
    assert "Add your bank details" in page


def test_earnings_are_for_members(lee: User) -> None:
    assert as_(lee).get(reverse("earnings")).status_code == 404


def test_bank_details_are_given_on_stripes_page_and_checked_afterwards(sandbox: Sandbox, ana: Member) -> None:
    client = as_(ana.user)
    answer = client.post(reverse("start_onboarding"))
    assert (answer.status_code, answer["Location"].startswith(sandbox.url)) == (303, True)
    unfinished = client.get(reverse("onboarding_done"), follow=True).content.decode()
    assert "Go on with your bank details" in unfinished
    sandbox.onboard(PayeeAccount.objects.get().account or "")
    assert "Your bank account is ready" in client.get(reverse("onboarding_done"), follow=True).content.decode()


def test_a_statement_is_read_by_its_member_alone(run: PayRun, ana: Member, bo: Member, board: User) -> None:
    url = reverse("statement", args=[run.pk])
    assert as_(ana.user).get(url).status_code == 404
    run.approve(at=LATER, by=board)
    page = text(as_(ana.user), url)
    for said in ("$133.00", "$38.00", "3.5 hours", "$5.60"):
        assert said in page
    assert as_(bo.user).get(url).status_code == 404


def test_a_pay_run_shows_totals_to_members_and_lines_to_those_who_answer_for_it(
    run: PayRun, ana: Member, tess: Member, board: User
) -> None:
    url = reverse("pay_run", args=[run.pk])
    seen = {user.name: text(as_(user), url) for user in (ana.user, tess.user, board)}
    assert all("$133.00" in page and "floor $22.25" in page for page in seen.values())
    assert {name: "no bank account yet" in page for name, page in seen.items()} == {
        "Ana Reyes": False,
        "Tess Marin": True,
        "Bea Board": True,
    }
    assert {name: "Approve and pay" in page for name, page in seen.items()} == {
        "Ana Reyes": False,
        "Tess Marin": False,
        "Bea Board": True,
    }


def test_approving_is_for_a_second_person(run: PayRun, ana: Member, tess: Member, board: User) -> None:
    url = reverse("approve_pay_run", args=[run.pk])
    assert [as_(user).post(url).status_code for user in (ana.user, tess.user)] == [403, 403]
    assert as_(board).post(url).status_code == 302
    run.refresh_from_db()
    assert (run.state, run.approved_by) == ("approved", board)


def test_sending_back_takes_a_note(run: PayRun, board: User) -> None:
    url = reverse("send_back_pay_run", args=[run.pk])
    as_(board).post(url, {"note": " "})
    run.refresh_from_db()
    assert run.state == "draft"
    page = as_(board).post(url, {"note": "Bo is missing."}, follow=True).content.decode()
    assert "Bo is missing." in page
    assert "sent back" in page


def test_the_treasurer_drafts_and_is_told_why_not(ana: Member, tess: Member) -> None:
    client = as_(tess.user)
    assert "Make the draft" in text(client, reverse("pay_runs"))
    nothing = client.post(reverse("draft_pay_run"), {"ends_on": "2026-03-15"})
    assert (nothing.status_code, "Nobody has anything to be paid" in nothing.content.decode()) == (422, True)
    done_visit()
    assert client.post(reverse("draft_pay_run"), {"ends_on": "2026-03-15"}).status_code == 302
    assert as_(ana.user).post(reverse("draft_pay_run"), {"ends_on": "2026-03-15"}).status_code == 403


@pytest.mark.parametrize("day", ["", "never", "0001-01-01", "9999-12-31", "2026-02-30"])
def test_a_day_that_makes_no_sense_is_said_so(tess: Member, day: str) -> None:
    assert as_(tess.user).post(reverse("draft_pay_run"), {"ends_on": day}).status_code == 422


def test_the_books_are_open_to_every_member(sandbox: Sandbox, ana: Member, cara: Member, lee: User) -> None:
    paid_visit()
    for member in (ana, cara):
        page = text(as_(member.user), reverse("books"))
        assert "March 2026" in page
        assert "$135.64" in page
    assert as_(lee).get(reverse("books")).status_code == 403


def test_what_went_wrong_is_shown_to_the_treasurer_who_tries_again(sandbox: Sandbox, ana: Member, tess: Member) -> None:
    done = paid_visit(card="chargeCustomerFail")
    client = as_(tess.user)
    page = text(client, reverse("trouble"))
    assert str(done.booking.client) in page
    charge = Charge.objects.get()
    assert (charge.state, charge.trouble) == ("failed", "Your card was declined.")
    assert client.post(reverse("retry_charge", args=[charge.pk])).status_code == 302
    charge.refresh_from_db()
    assert charge.state == "due"
    assert as_(ana.user).get(reverse("trouble")).status_code == 403


def test_pay_that_failed_is_sent_again_or_written_down(run: PayRun, tess: Member, board: User) -> None:
    run.approve(at=LATER, by=board)
    payout = run.payouts.get()
    Payout.objects.filter(pk=payout.pk).update(state="failed", trouble="No such account")
    client = as_(tess.user)
    assert "No such account" in text(client, reverse("trouble"))
    assert as_(board).post(reverse("retry_payout", args=[payout.pk])).status_code == 404
    client.post(reverse("retry_payout", args=[payout.pk]))
    assert Payout.objects.get().state == "pending"
    Payout.objects.filter(pk=payout.pk).update(state="failed")
    client.post(reverse("pay_outside", args=[payout.pk]), {"note": "check 7"})
    assert Payout.objects.get().state == "sent"


def test_a_quiet_day_says_so(tess: Member) -> None:
    assert "All is well" in text(as_(tess.user), reverse("trouble"))


def test_pages_cost_the_same_for_two_weeks_and_for_four(ana: Member, bo: Member, tess: Member, board: User) -> None:
    def count() -> dict[str, int]:
        run = PayRun.objects.filter(payouts__member=ana).latest("pk")
        return {
            "earnings": queries(as_(ana.user), reverse("earnings")),
            "statement": queries(as_(ana.user), reverse("statement", args=[run.pk])),
            "pay_runs": queries(as_(ana.user), reverse("pay_runs")),
            "pay_run": queries(as_(board), reverse("pay_run", args=[run.pk])),
            "books": queries(as_(ana.user), reverse("books")),
            "trouble": queries(as_(tess.user), reverse("trouble")),
        }

    def one_more(weeks: int) -> None:
        at = NOW + timedelta(weeks=weeks)
        for _visit in range(2):
            done_visit(at=at)
        run = PayRun.draft(ends_on=(at + timedelta(days=4)).date(), at=at + timedelta(days=6), by=tess.user)
        run.approve(at=at + timedelta(days=6), by=board)
        run.payouts.update(state="failed")
        done_visit(at=at)

    for weeks in (0, 1):
        one_more(weeks)
    few = count()
    for weeks in range(2, 4):
        make.member(f"Somebody {weeks}")
        one_more(weeks)
    assert count() == few


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def test_a_statement_tells_ones_own_part_from_the_crews(ana: Member, bo: Member, tess: Member, board: User) -> None:
    done_visit(service=cleaning(crew=2))
    run = PayRun.draft(ends_on=date(2026, 3, 15), at=LATER, by=tess.user)
    run.approve(at=LATER, by=board)
    payout = run.payouts.get(member=ana)
    assert paid_by_clients(payout) == [
        ("worker", 6650),
        ("crew", 6650),
        ("operations", 560),
        ("reserve", 70),
        ("upkeep", 70),
    ]
