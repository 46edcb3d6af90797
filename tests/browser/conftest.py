"""A real Chromium (Debian's), and a co-op for it to look at."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.plugin import DjangoDbBlocker

from tests.browser.gallery import Gallery
from tests.stack import Stack, from_nothing, story

# Playwright's own loop runs in this thread; Django would take it for ours.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
COLORS = ["color-contrast", "link-in-text-block"]
"""The rules that look at colors: all that is another by night than by day, and the same in every language."""
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
WCAG_BUT_COLORS = WCAG | {"rules": {rule: {"enabled": False} for rule in COLORS}}
ONLY_COLORS = {"runOnly": {"type": "rule", "values": COLORS}}
AXE = Axe()
EVERYTHING, CHANGED = "[document]", "window.changed"
ONE_OF_EACH = """(() => {
  const seen = new Set();
  const isNew = (one) => {
    const kind = [getComputedStyle(one).color, getComputedStyle(one).fontSize, getComputedStyle(one).fontWeight];
    for (let at = one; at; at = at.parentElement) {
      const { backgroundColor, backgroundImage, opacity } = getComputedStyle(at);
      if (backgroundColor !== "rgba(0, 0, 0, 0)" || backgroundImage !== "none" || opacity !== "1")
        kind.push(backgroundColor, backgroundImage, opacity);
    }
    return !seen.has(kind.join()) && seen.add(kind.join());
  };
  const speaks = (one) => [...one.childNodes].some((part) => part.nodeType === Node.TEXT_NODE && part.data.trim());
  return [...document.body.querySelectorAll("*")].filter((one) => speaks(one) && one.checkVisibility() && isNew(one));
})()"""
"""One of all parts whose words have the same color and size, on the same grounds."""
APPEARANCE = """() => {
  const appearance = (one) => {
    const { color, backgroundColor, opacity, fontSize, fontWeight } = getComputedStyle(one);
    const size = parseFloat(fontSize);
    const large = size >= 24 || (size >= 18.6 && fontWeight >= 700);
    return one.checkVisibility() && [color, backgroundColor, opacity, large].join();
  };
  const before = window.appearances ?? new Map();
  window.appearances = new Map([...document.body.querySelectorAll("*")].map((one) => [one, appearance(one)]));
  window.changed = [...window.appearances].filter(([one, now]) => now && now !== before.get(one)).map(([one]) => one);
}"""
"""What the colors of a page are judged by, and which parts have another now than when this was last asked."""
SCREENSHOTS = Path(__file__).parents[2] / ".local" / "screenshots"
NOON = datetime(2026, 5, 6, 12, tzinfo=ZoneInfo("America/New_York"))
"""A Wednesday in spring, when the pages are looked at."""
MORNING = NOON.replace(hour=10)

PATIENCE = 30_000
"""For how many milliseconds somebody waits for a page or a word; on a busy machine a page takes long."""
expect.set_options(timeout=PATIENCE)

NewContext = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": ARGUMENTS}


@pytest.fixture(scope="session")
def gallery(django_db_blocker: DjangoDbBlocker) -> Iterator[Gallery]:
    """A co-op with at least one of everything, for looking at pages one by one."""
    with django_db_blocker.unblock(), story("gallery", starts=NOON) as stack:
        yield Gallery.hung_in(stack)


@pytest.fixture
def stack(django_db_blocker: DjangoDbBlocker) -> Iterator[Stack]:
    """A co-op that has just opened."""
    with django_db_blocker.unblock(), story("browser", starts=MORNING) as running:
        yield running


@pytest.fixture
def nothing_yet(django_db_blocker: DjangoDbBlocker) -> Iterator[Stack]:
    """A machine that was set up this morning, and nobody in it."""
    with django_db_blocker.unblock(), from_nothing("browser", starts=MORNING) as running:
        yield running


class Watch:
    """Keeps what a browser complains about: errors of scripts, things the page's rules forbid, files not found."""

    def __init__(self, context: BrowserContext, *, may_fail: bool = False) -> None:
        self.may_fail = may_fail
        self.complaints: list[str] = []
        context.on("console", lambda message: self._note(message.type == "error", message.text))
        context.on("weberror", lambda trouble: self._note(True, str(trouble.error)))
        context.on("response", lambda answer: self._note(answer.status >= 500, f"{answer.status} {answer.url}"))

    def _note(self, worth: bool, text: str) -> None:
        if worth and not (self.may_fail and "Failed to load resource" in text):
            self.complaints.append(text)


def new_context(browser: Browser, *, language: str, width: int, **more: Any) -> BrowserContext:
    """Somebody's own browser."""
    phone = width < 600
    context = browser.new_context(
        locale={"en": "en-US", "es": "es-US"}[language],
        viewport={"width": width, "height": 740 if phone else 900},
        has_touch=phone,
        is_mobile=phone,
        timezone_id="America/New_York",
        reduced_motion="reduce",
        **more,
    )
    context.set_default_timeout(PATIENCE)
    return context


@pytest.fixture
def open_window(browser: Browser) -> Iterator[Callable[..., Page]]:
    """A window of somebody's own browser, by language, width, and whether it runs scripts; nobody may complain.

    `may_fail`: a page of this window is asked for that is not there, which browsers remark upon.
    """
    opened: list[tuple[BrowserContext, Watch]] = []

    def open_window(*, language: str = "en", width: int = 1280, scripts: bool = True, may_fail: bool = False) -> Page:
        context = new_context(browser, language=language, width=width, java_script_enabled=scripts)
        opened.append((context, Watch(context, may_fail=may_fail)))
        return context.new_page()

    yield open_window
    complaints = [complaint for _context, watch in opened for complaint in watch.complaints]
    for context, _watch in opened:
        context.close()
    assert complaints == []


class Phone:
    """A phone that one after another looks at the gallery with: to wipe it takes a tenth of what a new one takes.

    It keeps no service worker, so that whatever a page sends is seen on its way (`test_offline` has one).
    """

    def __init__(self, browser: Browser, gallery: Gallery, *, language: str) -> None:
        context = new_context(browser, language=language, width=360, service_workers="block")
        self.watch = Watch(context)
        self.page = context.new_page()
        self.page.clock.set_fixed_time(gallery.stack.now)
        self._kept = {"origin": gallery.stack.site, "storageTypes": "indexeddb,local_storage,cache_storage"}
        self._tools = context.new_cdp_session(self.page)

    def wipe(self) -> None:
        """As new: nobody is signed in, nothing is kept, and nothing was complained about.

        The page of before stays until the next one takes its place: from an empty one it would be a new process.
        """
        self.page.context.clear_cookies()
        self._tools.send("Storage.clearDataForOrigin", self._kept)
        self.watch.may_fail, self.watch.complaints = False, []


@pytest.fixture(scope="session")
def phones(browser: Browser, gallery: Gallery) -> Iterator[dict[str, Phone]]:
    """One for each language."""
    phones = {language: Phone(browser, gallery, language=language) for language in ("en", "es")}
    yield phones
    for phone in phones.values():
        phone.page.context.close()


@pytest.fixture
def take_phone(phones: dict[str, Phone]) -> Iterator[Callable[..., Page]]:
    """The window of a phone on which nobody has been before, by language; it may not complain (see `open_window`)."""
    taken: list[Phone] = []

    def take_phone(*, language: str, may_fail: bool = False) -> Page:
        taken.append(phone := phones[language])
        phone.wipe()
        phone.watch.may_fail = may_fail
        return phone.page

    yield take_phone
    complaints = [complaint for phone in taken for complaint in phone.watch.complaints]
    assert complaints == []


def barriers(page: Page, rules: dict[str, Any] = WCAG, *, among: str = EVERYTHING) -> list[str]:
    """What axe-core finds on this page against WCAG 2.2 AA (or some of its rules): rule, place, and what to do.

    `among`: which parts of the page are looked at (`CHANGED`: see `notice_change`; `ONE_OF_EACH`).
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    options = rules | {"resultTypes": ["violations"], "preload": {"assets": ["media"]}}
    look = f"async rules => {{ const parts = {among}; return parts.length ? axe.run(parts, rules) : {{}} }}"
    found = page.evaluate(f"async rules => (await ({look})(rules)).violations ?? []", options)
    return [
        f"{one['id']}: {node['target'][0]}: {' '.join(node['failureSummary'].split())[:300]}"
        for one in found
        for node in one["nodes"]
    ]


def notice_change(page: Page) -> None:
    """From now on `CHANGED` are the parts that came to be seen, or to other colors, since this was last called."""
    page.evaluate(APPEARANCE)


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def keep(page: Page, name: str, *, language: str, width: int, scheme: str) -> None:
    """Keep a screenshot of the whole page, for whoever looks at some pages by hand or at what went wrong."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}-{language}-{width}-{scheme}.png", full_page=True)


def code_in(stack: Stack, email: str, *, after: int) -> str:
    """The code that was just mailed to somebody."""
    stack.until(lambda: len(stack.mails.codes(email)) > after, f"a code was sent to {email}")
    return stack.mails.codes(email)[-1]


def sign_in(page: Page, stack: Stack, email: str, *, key: Callable[[], str] | None = None) -> None:
    """As a person does: address, mail, code; and what their app shows, if they have a key."""
    before = len(stack.mails.codes(email))
    page.goto(f"{stack.site}/account/sign-in/")
    page.get_by_role("textbox").fill(email)
    page.locator("main form button").first.click()
    page.wait_for_url(re.compile("/sign-in/code/"))
    page.get_by_role("textbox").fill(code_in(stack, email, after=before))
    page.locator("main form button").first.click()
    if key:
        page.wait_for_url(re.compile("/sign-in/key"))
        page.get_by_role("textbox").fill(key())
        page.locator("main form button").first.click()
    page.wait_for_url(re.compile(r"^(?!.*sign-in)"))
