"""A worker's phone on a bad day: slow, old, and at the end of a thin line. What it has to carry is counted here.

Seconds depend on the machine and are only printed (`-s`); bytes and requests do not, and are held to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from time import monotonic

import pytest
from PIL import Image
from playwright.sync_api import Page

from tests.browser.conftest import keep, overflow
from tests.browser.gallery import Gallery
from tests.browser.line import SlowLine
from tests.browser.test_pages import come_as
from tests.processes import before_long
from tests.proofs import proof

FIRST_VIEW, LATER_VIEW = 60_000, 15_000
"""Bytes over the line, heads of the answers included."""
SLOW = 70_000 / 8
"""70 kbit/s, in bytes a second."""
TABS = ["/today", "/offers", "/earnings", "/votes", "/me"]


@pytest.fixture
def line(gallery: Gallery) -> SlowLine:
    return SlowLine(gallery.stack.site)


@pytest.fixture
def site(line: SlowLine) -> Iterator[str]:
    """The site at the end of the line."""
    with line.open() as address:
        yield address


@pytest.fixture
def phone(gallery: Gallery, open_window: Callable[..., Page]) -> Page:
    page = open_window(language="es", width=360)
    page.set_viewport_size({"width": 360, "height": 640})
    page.context.set_default_timeout(120_000)
    come_as(page, gallery, "today_worker", language="es")
    return page


def usable(page: Page, address: str) -> float:
    """Go there; after how many seconds the first thing to do can be pressed. Then wait until nothing comes any more."""
    began = monotonic()
    page.goto(address, wait_until="commit")
    page.locator("main").get_by_role("button").or_(page.locator("main a")).first.click(trial=True)
    seconds = monotonic() - began
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    return seconds


def test_the_day_fits_a_thin_line_and_the_next_page_is_almost_nothing(line: SlowLine, site: str, phone: Page) -> None:
    usable(phone, f"{site}/today")
    first, asked = line.bytes, sorted(name.partition(".")[0] for name in line.asked)
    later = {}
    for tab in TABS:
        line.count_anew()
        usable(phone, site + tab)
        later[tab] = (line.bytes, line.asked)
    print(f"first view: {first} bytes, {asked}; then {later}")  # noqa: T201
    assert first <= FIRST_VIEW
    assert {tab: found for tab, found in later.items() if found[0] > LATER_VIEW} == {}
    assert len([name for name in asked if name.startswith("static/css/")]) == 1
    fetched = [name for _bytes, names in later.values() for name in names if name.startswith("static/")]
    assert fetched == []


@proof
def test_on_a_bad_day_the_button_can_be_pressed(line: SlowLine, site: str, phone: Page) -> None:
    phone.context.new_cdp_session(phone).send("Emulation.setCPUThrottlingRate", {"rate": 6})
    line.speed, line.delay = SLOW, 0.3
    first = usable(phone, f"{site}/today")
    again = usable(phone, f"{site}/today")
    print(f"6 x slower, 70 kbit/s, 300 ms: {first:.1f} s, then {again:.1f} s")  # noqa: T201
    keep(phone, "bad-day", language="es", width=360, scheme="light")
    box = phone.locator("main .button.tall").first.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 640 - 60  # on the first screen of a small phone, above the tabs


def test_the_five_tabs_have_room_and_lead_where_they_say(gallery: Gallery, phone: Page) -> None:
    phone.goto(f"{gallery.stack.site}/today")
    bar = phone.locator("nav.tabs")
    found = []
    for number, address in enumerate(TABS):
        tab = bar.get_by_role("link").nth(number)
        assert tab.evaluate("tab => tab.scrollWidth <= tab.clientWidth && tab.clientHeight >= 44"), address
        tab.click()
        phone.wait_for_url(f"**{address}")
        assert (overflow(phone), bar.locator("[aria-current=page]").count()) == (0, 1), address
        found.append(bar.get_by_role("link").nth(number).inner_text().split("\n")[0])
    assert found == ["Hoy", "Ofertas", "Ingresos", "Votos", "Yo"]


def test_a_photo_is_made_small_on_the_phone_before_it_is_sent(gallery: Gallery, phone: Page) -> None:
    come_as(phone, gallery, "done_worker", language="es")
    phone.goto(f"{gallery.stack.site}/shifts/{gallery.things['done_shift'].pk}/photos")
    kept = BytesIO()
    Image.effect_noise((3200, 2400), 90).convert("RGB").save(kept, "JPEG", quality=90)
    sent = {"name": "IMG_0042.jpg", "mimeType": "image/jpeg", "buffer": kept.getvalue()}
    box = phone.locator("input[type=file]")
    box.set_input_files(sent)  # type: ignore[arg-type]
    assert before_long(lambda: box.evaluate("input => input.files[0].name") == "photo.jpg", seconds=60)
    size = int(box.evaluate("input => input.files[0].size"))
    print(f"a photo of {len(kept.getvalue())} bytes is sent as {size}")  # noqa: T201
    assert size < len(kept.getvalue()) / 2
    assert phone.locator("main form button:disabled").count() == 0
