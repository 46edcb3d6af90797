"""The first hour as people click it: a client at a desk, in English; a worker on a small phone, in Spanish."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from tests import make
from tests.browser.conftest import MORNING, barriers, overflow, sign_in
from tests.proofs import some
from tests.stack import Stack

Open = Callable[..., Page]
ANA, LEE = "ana-reyes@example.org", "lee@example.org"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return MORNING.replace(day=day, hour=hour, minute=minute)


@pytest.fixture
def ana(stack: Stack) -> str:
    """One worker, who reads Spanish."""
    make.member("Ana Reyes", languages=["es", "en"], language="es")
    return ANA


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize("scripts", some([True, False], of=2), ids=lambda scripts: f"javascript-{scripts}")
def test_a_visit_is_booked_done_and_paid_for(scripts: bool, stack: Stack, open_window: Open) -> None:
    desk = open_window(language="en", width=1280, scripts=scripts)
    book(desk, stack, scripts=scripts)
    phone = open_window(language="es", width=360, scripts=scripts)
    accept(phone, stack)
    work(phone, stack)
    read_the_receipt(desk, stack)


def book(desk: Page, stack: Stack, *, scripts: bool) -> None:
    """Four steps to a confirmed visit; with scripts the price follows each answer."""
    desk.goto(stack.site)
    desk.get_by_role("link", name="Book a visit").first.click()
    desk.get_by_label("ZIP code of the home").fill("11215")
    desk.get_by_label("Bedrooms").select_option("3")
    if scripts:
        expect(desk.locator("#price")).to_contain_text("$159.38")
    else:
        desk.get_by_role("button", name="Show price").click()
        expect(desk.locator("#price")).to_contain_text("$159.38")
    fine(desk, scripts=scripts)
    desk.get_by_role("button", name="Choose a time").click()
    friday = desk.locator("details", has=desk.locator("summary", has_text="Friday, May 8")).first
    if friday.get_attribute("open") is None:
        friday.locator("summary").click()
    friday.get_by_label("9:00 AM", exact=True).check()
    fine(desk, scripts=scripts)
    desk.get_by_role("button", name="Keep this time").click()
    for label, answer in {
        "Street and number": "414 7th Avenue",
        "Your name": "Jordan Lee",
        "E-mail": LEE,
        "Phone": "718 555 0142",
        "Getting in": "Ring twice.",
    }.items():
        desk.get_by_label(label, exact=False).fill(answer)
    fine(desk, scripts=scripts)
    desk.get_by_role("button", name="Look it over").click()
    desk.get_by_label("I have read this, and I agree.").check()
    fine(desk, scripts=scripts)
    desk.get_by_role("button", name="Save a card and book").click()
    desk.wait_for_url(re.compile(re.escape(stack.stripe.url)))
    desk.get_by_role("button", name="Save card").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("You are booked.")
    fine(desk, scripts=scripts)


def accept(phone: Page, stack: Stack) -> None:
    """The one whose turn it is says yes."""
    sign_in(phone, stack, ANA)
    phone.locator("nav.tabs a[href='/offers']").click()
    phone.locator("form[action$='/acceptance'] button").click()
    expect(phone.locator("#messages")).not_to_be_empty()


def work(phone: Page, stack: Stack) -> None:
    """Getting in, here, finished."""
    stack.go_to(at(8, 8, 30))
    phone.locator("nav.tabs a[href='/today']").click()
    assert overflow(phone) == 0
    phone.locator("form[action$='/access-note'] button").click()
    expect(phone.get_by_text("Ring twice.")).to_be_visible()
    stack.go_to(at(8, 9, 2))
    phone.goto(f"{stack.site}/today")
    phone.locator("form[action$='/start'] button").click()
    stack.go_to(at(8, 13))
    phone.locator("form[action$='/completion'] button").click()
    expect(phone.locator("main")).to_contain_text("151")


def read_the_receipt(desk: Page, stack: Stack) -> None:
    """The card is charged, and the receipt says where each cent went."""
    stack.wait(minutes=6)
    sign_in(desk, stack, LEE)
    desk.goto(f"{stack.site}/bookings")
    desk.get_by_role("link", name="Friday, May 8").click()
    desk.get_by_role("link", name="Receipt and tip").click()
    expect(desk.locator("main")).to_contain_text("$151.41")
    expect(desk.locator("main")).to_contain_text("$159.38")


def fine(page: Page, *, scripts: bool) -> None:
    """Nothing stands in anybody's way. (axe-core is itself a script.)"""
    if scripts:
        assert barriers(page) == []
        assert overflow(page) == 0
