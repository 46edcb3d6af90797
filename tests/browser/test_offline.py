"""Start and finish where there is no network: kept on the phone, said so, and sent exactly once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Geolocation, Page, expect
from pytest_django.plugin import DjangoDbBlocker

from bookings.models import Incident, Shift, Tap
from members.models import Member
from tests import databases, make
from tests.browser.conftest import MORNING, barriers, overflow
from tests.browser.gallery import Gallery
from tests.browser.network import Network
from tests.browser.test_pages import come_as
from tests.house import GETTING_IN
from tests.proofs import proof
from tests.stack import Stack, story

Open = Callable[..., Page]
AT_THE_DOOR: Geolocation = {"latitude": 40.6681, "longitude": -73.9806}
UNTIL_SAVED = """async () => {
  await navigator.serviceWorker.ready;
  while (!(await caches.match("/today/saved"))) await new Promise((resolve) => setTimeout(resolve, 50));
}"""
HALF_AN_HOUR, TWO_HOURS = timedelta(minutes=30), timedelta(hours=2)


@pytest.fixture(scope="module")
def opened(django_db_blocker: DjangoDbBlocker) -> Iterator[Stack]:
    """A running co-op for all that follows: to start one takes longer than most of what is tried here."""
    with django_db_blocker.unblock(), story("browser", starts=MORNING) as running:
        yield running


@pytest.fixture
def stack(opened: Stack) -> Stack:
    """It has just opened: whatever was in it is gone."""
    databases.renew()
    opened.clock.set(MORNING)
    return opened


@pytest.fixture
def shift(stack: Stack) -> Shift:
    """Ana's, in half an hour; one more tomorrow."""
    make.member("Ana Reyes")
    then = stack.now - timedelta(days=3)
    for days in (0, 1):
        starts_at = MORNING + HALF_AN_HOUR + timedelta(days=days)
        made = make.accepted(starts_at=starts_at, at=then, street=f"{days} Garfield Place", access_note=GETTING_IN)
    assert made.member
    return Shift.objects.get(member=made.member, starts_at=MORNING + HALF_AN_HOUR)


@pytest.fixture
def network(stack: Stack) -> Iterator[Network]:
    network = Network(stack.site)
    yield network
    network.cut()


class Phone:
    """Ana's, with Today open on it, and saved to be read without network."""

    def __init__(self, page: Page, stack: Stack, network: Network, shift: Shift) -> None:
        self.page, self.stack, self.network = page, stack, network
        self.context = page.context
        self.context.grant_permissions(["geolocation"], origin=network.site)
        self.context.set_geolocation(AT_THE_DOOR)
        self.belongs_to(shift.member)
        self.at(MORNING + timedelta(minutes=5))
        self.look()
        page.evaluate(UNTIL_SAVED)

    def belongs_to(self, member: Member) -> None:
        come_as(self.page, Gallery(self.stack, {"them": member.user}), "them", language="en")

    def look(self) -> None:
        self.page.goto(f"{self.network.site}/today")

    def at(self, moment: datetime) -> None:
        """It is this late, for the co-op and on the phone."""
        self.stack.clock.set(moment)
        self.page.clock.set_fixed_time(moment)

    def into_the_cellar(self) -> None:
        self.network.cut()
        self.context.set_offline(True)

    def out_again(self) -> None:
        self.network.mend()
        self.context.set_offline(False)

    def tap(self, name: str) -> None:
        self.page.get_by_role("button", name=name).click()

    def has_started(self) -> None:
        """The page has heard of it, and shows what the co-op knows."""
        expect(self.page.get_by_text("You started at")).to_be_visible()
        expect(self.page.locator("waiting-taps")).to_be_hidden()

    def waits(self, words: str) -> None:
        expect(self.page.locator("waiting-taps")).to_have_text(words)


@pytest.fixture
def phone(stack: Stack, network: Network, shift: Shift, open_window: Open) -> Phone:
    return Phone(open_window(width=360, may_fail=True), stack, network, shift)


def kept(stack: Stack, number: int) -> list[tuple[str, datetime, float]]:
    stack.until(lambda: Tap.objects.count() == number, f"{number} taps have arrived")
    return list(Tap.objects.order_by("pk").values_list("kind", "device_at", "place__latitude"))


def test_start_and_finish_without_network_arrive_once_with_their_times(phone: Phone, shift: Shift) -> None:
    start, finish = MORNING + HALF_AN_HOUR, MORNING + HALF_AN_HOUR + TWO_HOURS
    phone.at(start)
    phone.into_the_cellar()
    phone.tap("I'm here")
    phone.waits("1 waiting to send")
    phone.at(finish)
    phone.tap("Finished")
    phone.waits("2 waiting to send")
    phone.at(finish + HALF_AN_HOUR)
    phone.out_again()
    assert kept(phone.stack, 2) == [("start", start, 40.6681), ("finish", finish, 40.6681)]
    expect(phone.page).to_have_url(f"{phone.network.site}/shifts/{shift.pk}/completion")
    phone.look()
    expect(phone.page.locator("waiting-taps")).to_be_hidden()
    shift.refresh_from_db()
    late = [abs((at - moment).total_seconds()) for at, moment in ((shift.started_at, start), (shift.done_at, finish))]
    assert (shift.state, max(late) < 60, Tap.objects.count()) == ("done", True, 2)


@proof
def test_closing_the_page_loses_nothing(phone: Phone, shift: Shift) -> None:
    phone.at(MORNING + HALF_AN_HOUR)
    phone.into_the_cellar()
    phone.tap("I'm here")
    phone.waits("1 waiting to send")
    phone.page.close()
    phone.out_again()
    phone.page = phone.context.new_page()
    phone.at(MORNING + 2 * HALF_AN_HOUR)
    phone.look()
    assert [kind for kind, *_rest in kept(phone.stack, 1)] == ["start"]
    expect(phone.page.get_by_role("button", name="Finished")).to_be_visible()
    expect(phone.page.locator("waiting-taps")).to_be_hidden()
    assert (Tap.objects.count(), Shift.objects.get(pk=shift.pk).state) == (1, "started")


def test_an_answer_that_was_lost_does_not_start_twice(phone: Phone, shift: Shift) -> None:
    phone.at(MORNING + HALF_AN_HOUR)
    phone.network.loses_answers_to = b"POST /taps"
    phone.tap("I'm here")
    assert len(kept(phone.stack, 1)) == 1
    phone.waits("1 waiting to send")
    phone.network.loses_answers_to = b""
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    phone.has_started()
    assert sum(b"POST /taps" in words for words in phone.network.sent) >= 2
    assert (Tap.objects.count(), Shift.objects.get(pk=shift.pk).state) == (1, "started")


@proof
def test_finished_is_not_where_i_am_here_was_and_asks_when_it_is_early(phone: Phone, shift: Shift) -> None:
    phone.at(MORNING + HALF_AN_HOUR)
    here = phone.page.get_by_role("button", name="I'm here").bounding_box()
    phone.tap("I'm here")
    phone.has_started()
    finished = phone.page.get_by_role("button", name="Finished").bounding_box()
    assert here is not None and finished is not None  # noqa: PT018
    assert finished["y"] >= here["y"] + here["height"]
    phone.tap("Finished")
    phone.tap("No, we go on")
    phone.has_started()
    phone.tap("Finished")
    phone.tap("Yes, it is finished")
    phone.stack.until(lambda: Tap.objects.filter(flags=["early"]).exists(), "the finish has arrived, with its flag")
    phone.page.wait_for_url("**/completion")
    phone.tap("Undo")
    phone.has_started()
    assert Shift.objects.get(pk=shift.pk).state == "started"


@proof
def test_what_waits_on_the_phone_is_taken_back_there(phone: Phone, shift: Shift) -> None:
    phone.at(MORNING + HALF_AN_HOUR)
    phone.into_the_cellar()
    phone.tap("I'm here")
    phone.waits("1 waiting to send")
    phone.tap("Undo")
    expect(phone.page.locator("waiting-taps")).to_be_hidden()
    expect(phone.page.get_by_role("button", name="I'm here")).to_be_visible()


@proof
def test_a_page_hears_what_the_service_worker_has_sent(phone: Phone, shift: Shift) -> None:
    phone.at(MORNING + HALF_AN_HOUR)
    phone.network.cut()
    phone.tap("I'm here")
    phone.waits("1 waiting to send")
    phone.network.mend()
    phone.context.service_workers[0].evaluate("taps.flush()")
    phone.has_started()
    assert (Tap.objects.count(), Shift.objects.get(pk=shift.pk).state) == (1, "started")


def test_any_page_shows_the_saved_day_without_network(phone: Phone) -> None:
    phone.into_the_cellar()
    phone.page.goto(f"{phone.network.site}/offers")
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("Without network")
    for words in ("as it was at 10:05 AM", "0 Garfield Place", "1 Garfield Place", "1 bedroom, 1 bathroom"):
        expect(phone.page.get_by_text(words).first).to_be_visible()
    assert (barriers(phone.page), overflow(phone.page)) == ([], 0)
    phone.at(MORNING + HALF_AN_HOUR)
    phone.tap("I'm here")
    phone.waits("1 waiting to send")
    phone.out_again()
    assert len(kept(phone.stack, 1)) == 1


@proof
def test_a_network_that_hangs_is_none(phone: Phone) -> None:
    phone.network.hangs = True
    phone.page.goto(f"{phone.network.site}/offers")
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("Without network")
    phone.network.hangs = False
    phone.page.goto(f"{phone.network.site}/offers")
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("Offers")


@proof
def test_what_needs_the_network_says_so_and_keeps_what_was_typed(phone: Phone, shift: Shift) -> None:
    phone.page.goto(f"{phone.network.site}/shifts/{shift.pk}/release")
    phone.page.get_by_label("I am not able to work then").check()
    words = phone.page.get_by_label("Anything the office should know?")
    words.fill("My child is ill.")
    phone.into_the_cellar()
    for _tap in range(2):
        phone.tap("Give the shift back")
    expect(phone.page.locator("#messages")).to_have_text(
        "There is no network, so this was not sent. Please try again once there is."
    )
    expect(words).to_have_value("My child is ill.")
    phone.out_again()
    phone.page.evaluate("Object.defineProperty(navigator, 'onLine', { value: false })")
    phone.tap("Give the shift back")
    phone.page.wait_for_url("**/today")
    shift.refresh_from_db()
    assert shift.state != "accepted"


@proof
def test_a_saved_day_is_not_taken_for_another(phone: Phone) -> None:
    phone.into_the_cellar()
    phone.at(MORNING + timedelta(days=1))
    phone.look()
    expect(phone.page.get_by_text("1 Garfield Place")).to_be_visible()
    expect(phone.page.get_by_role("heading", name="Today")).to_be_visible()
    expect(phone.page.get_by_text("0 Garfield Place")).to_be_hidden()
    phone.at(MORNING + timedelta(days=2))
    phone.look()
    expect(phone.page.get_by_text("What was saved here is too old to be of use.")).to_be_visible()
    expect(phone.page.get_by_text("1 Garfield Place")).to_be_hidden()


def test_how_to_get_in_is_never_kept_on_the_phone(phone: Phone) -> None:
    phone.at(MORNING + HALF_AN_HOUR)
    phone.page.locator("form[action$='/access-note'] button").first.click()
    expect(phone.page.get_by_text("kiwi-4711")).to_be_visible()
    phone.look()
    everything = phone.page.evaluate(
        """async () => {
          let words = "";
          for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys()) words += await (await cache.match(request)).text();
          }
          return words;
        }"""
    )
    assert ("0 Garfield Place" in everything, "kiwi-4711" in everything) == (True, False)


@proof
def test_nobody_signs_out_and_loses_a_tap_unasked(phone: Phone) -> None:
    phone.at(MORNING + HALF_AN_HOUR)
    phone.into_the_cellar()
    phone.tap("I'm here")
    phone.waits("1 waiting to send")
    phone.tap("Sign out")
    expect(phone.page.get_by_role("heading", name="Not everything is sent")).to_be_visible()
    assert barriers(phone.page) == []
    phone.tap("Stay signed in")
    phone.out_again()
    assert len(kept(phone.stack, 1)) == 1
    phone.has_started()
    phone.tap("Sign out")
    phone.page.wait_for_url(lambda address: not address.endswith("/today"))
    assert phone.page.evaluate("caches.match('/today/saved').then((found) => found === undefined)")


def test_a_tap_is_not_sent_in_the_name_of_whoever_signs_in_next(phone: Phone, shift: Shift) -> None:
    phone.at(MORNING + HALF_AN_HOUR)
    phone.into_the_cellar()
    phone.tap("I'm here")
    phone.waits("1 waiting to send")
    phone.belongs_to(make.member("Bo Lindgren"))
    phone.out_again()
    phone.look()
    expect(phone.page.locator("waiting-taps")).to_be_hidden()
    phone.page.wait_for_load_state("networkidle")
    assert not Tap.objects.exists()
    phone.belongs_to(shift.member)
    phone.look()
    assert len(kept(phone.stack, 1)) == 1


def test_the_red_card_opens_without_network_and_a_report_arrives_once(phone: Phone, shift: Shift) -> None:
    phone.at(MORNING + HALF_AN_HOUR)
    phone.into_the_cellar()
    phone.page.goto(f"{phone.network.site}/shifts/{shift.pk}/incident")
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("Without network")
    card = phone.page.locator("article").first
    card.get_by_text("Something is wrong").click()
    expect(card.get_by_role("link", name="Call 911")).to_be_visible()
    card.get_by_label("I do not feel safe").check()
    card.get_by_label("What happened?").fill("He blocked the door.")
    card.get_by_label("I left to be safe").check()
    card.get_by_role("button", name="Report it").click()
    phone.waits("1 waiting to send")
    expect(phone.page.locator("#messages")).to_contain_text("Kept on this phone.")
    expect(card.get_by_label("What happened?")).to_have_value("")
    phone.at(MORNING + 2 * HALF_AN_HOUR)
    phone.out_again()
    phone.stack.until(Incident.objects.exists, "the report has arrived")
    incident = Incident.objects.get()
    phone.page.wait_for_url(f"**/incidents/{incident.uuid}")
    assert incident.words.open() == "He blocked the door."
    shift.refresh_from_db()
    assert shift.state == "left"
    assert phone.page.evaluate("taps.all().then((kept) => kept.length)") == 0
