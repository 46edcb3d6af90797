"""The pictures in the documentation, taken again by `make screenshots`; no part of the suite."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from tests.browser.gallery import Gallery
from tests.browser.test_a_coop_is_born import Birth
from tests.browser.test_pages import come_as, nothing, thing
from tests.stack import Stack

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
Arguments = Callable[[Gallery], list[Any]]
# What to call the picture: (name of the address, who looks, what the address is made of, width of the window).
PICTURES: dict[str, tuple[str, str, Arguments, int]] = {
    "book": ("quote", "", nothing, 1280),
    "today": ("today", "today_worker", nothing, 360),
    "offer": ("offers", "offered_worker", nothing, 360),
    "statement": ("statement", "paid", thing("paid"), 360),
    "vote": ("proposal", "ana", thing("voting"), 1280),
    "books": ("books", "ana", nothing, 1280),
    "week": ("week", "sol", nothing, 1280),
    "series": ("series", "lee", thing("series", "token"), 360),
    "spotlight": ("spotlight", "ana", nothing, 1280),
}
BIRTH = {"begin", "missing", "founders", "door", "booked", "pay-run", "application", "leaving"}
"""Pages of the story of how a co-op begins, by the names that it gives them."""


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_taken(name: str, gallery: Gallery, open_window: Callable[..., Page]) -> None:
    address, who, arguments, width = PICTURES[name]
    page = open_window(width=width)
    if who:
        come_as(page, gallery, who, language="en")
    page.goto(gallery.stack.site + reverse(address, args=arguments(gallery)))
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=FOLDER / f"{name}.png")


def test_pictures_are_taken_while_a_coop_is_born(nothing_yet: Stack, open_window: Callable[..., Page]) -> None:
    def look(name: str, page: Page) -> None:
        if name in BIRTH:
            page.wait_for_function("innerWidth === 360")
            page.screenshot(path=FOLDER / f"birth-{name}.png")

    Birth(nothing_yet, open_window, look).told()
