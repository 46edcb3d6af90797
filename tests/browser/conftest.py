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
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.plugin import DjangoDbBlocker

from tests.browser.gallery import Gallery
from tests.stack import Stack, story

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
SCREENSHOTS = Path(__file__).parents[2] / ".local" / "screenshots"
NOON = datetime(2026, 5, 6, 12, tzinfo=ZoneInfo("America/New_York"))
"""A Wednesday in spring, when the pages are looked at."""
MORNING = NOON.replace(hour=10)

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


class Watch:
    """Keeps what a browser complains about: errors of scripts, things the page's rules forbid, files not found."""

    def __init__(self, context: BrowserContext, *, may_fail: bool) -> None:
        self.may_fail = may_fail
        self.complaints: list[str] = []
        context.on("console", lambda message: self._note(message.type == "error", message.text))
        context.on("weberror", lambda trouble: self._note(True, str(trouble.error)))
        context.on("response", lambda answer: self._note(answer.status >= 500, f"{answer.status} {answer.url}"))

    def _note(self, worth: bool, text: str) -> None:
        if worth and not (self.may_fail and "Failed to load resource" in text):
            self.complaints.append(text)


@pytest.fixture
def open_window(browser: Browser) -> Iterator[Callable[..., Page]]:
    """A window of somebody's own browser, by language, width, and whether it runs scripts; nobody may complain.

    `may_fail`: a page of this window is asked for that is not there, which browsers remark upon.
    """
    opened: list[tuple[BrowserContext, Watch]] = []

    def open_window(*, language: str = "en", width: int = 1280, scripts: bool = True, may_fail: bool = False) -> Page:
        phone = width < 600
        context = browser.new_context(
            locale={"en": "en-US", "es": "es-US"}[language],
            viewport={"width": width, "height": 740 if phone else 900},
            has_touch=phone,
            is_mobile=phone,
            java_script_enabled=scripts,
            timezone_id="America/New_York",
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        opened.append((context, Watch(context, may_fail=may_fail)))
        return context.new_page()

    yield open_window
    complaints = [complaint for _context, watch in opened for complaint in watch.complaints]
    for context, _watch in opened:
        context.close()
    assert complaints == []


def barriers(page: Page, rules: dict[str, Any] = WCAG) -> list[str]:
    """What axe-core finds on this page against WCAG 2.2 AA (or some of its rules): rule, place, and what to do."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    options = rules | {"resultTypes": ["violations"]}
    found = page.evaluate("options => axe.run(options).then(all => all.violations)", options)
    return [
        f"{one['id']}: {node['target'][0]}: {' '.join(node['failureSummary'].split())[:300]}"
        for one in found
        for node in one["nodes"]
    ]


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


def sign_in(page: Page, stack: Stack, email: str) -> None:
    """As a person does: address, mail, code."""
    before = len(stack.mails.codes(email))
    page.goto(f"{stack.site}/account/sign-in/")
    page.get_by_role("textbox").fill(email)
    page.locator("main form button").first.click()
    page.wait_for_url(re.compile("/sign-in/code/"))
    page.get_by_role("textbox").fill(code_in(stack, email, after=before))
    page.locator("main form button").first.click()
    page.wait_for_url(re.compile(r"^(?!.*sign-in)"))
