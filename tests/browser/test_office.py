"""What the office does with a mouse, and what the same page offers without one."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.gallery import Gallery
from tests.browser.test_pages import come_as


def test_a_shift_dragged_to_another_day_opens_the_form_with_that_day(
    gallery: Gallery, open_window: Callable[..., Page]
) -> None:
    page = open_window(width=1280)
    come_as(page, gallery, "sol", language="en")
    visit = gallery.things["open"]
    page.goto(f"{gallery.stack.site}/office/week")
    row = page.locator(".weekly tr.wanted")
    row.locator(f"[data-move='/visits/{visit.pk}/time']").drag_to(row.locator("[data-day]").last)
    expect(page).to_have_url(f"{gallery.stack.site}/visits/{visit.pk}/time?first=2026-05-10")
    expect(page.get_by_label("Day")).to_have_value("2026-05-10")


def test_the_menu_of_those_who_work_opens_with_the_keyboard(gallery: Gallery, open_window: Callable[..., Page]) -> None:
    page = open_window(width=360, scripts=False)
    come_as(page, gallery, "sol", language="en")
    page.goto(f"{gallery.stack.site}/office/week")
    page.locator(".menu > summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="People to call")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
