"""Every button of a page, pressed in the browser; the site takes what is sent, and none of it has happened afterwards.

What a button sends is caught on its way, and given to the site in this process, in a transaction that is undone.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import time_machine
from django.conf import settings
from django.http import QueryDict
from django.test import Client, override_settings
from django.urls import reverse
from playwright.sync_api import ElementHandle, Page, Request, Route, TimeoutError

from tests.browser.gallery import Gallery
from tests.browsers import SITE
from tests.house import undone

TAKEN = {200, 204, 302, 303, 422}
"""Done, sent on, or back with what is missing."""
BUTTONS = "button:not([disabled], push-choice *, [data-tap] *), input[type=submit]"
"""But for those that ask the browser itself for leave, which this one never gives: to send news, and to say where it is
(a start and a finish, which `test_offline` taps)."""
PATIENCE = 3000


def press_all(page: Page, gallery: Gallery) -> Iterator[str]:
    """What is wrong with the buttons of a page; one that another page had as well is not pressed again."""
    new = _new_buttons(page, gallery)
    if not new:
        return
    page.route("**/*", _catch)
    for key, (kind, button) in new.items():
        if kind == "quiet":
            button.evaluate("button => button.click()")
        elif trouble := _trouble_of(button, page, gallery):
            yield f"{key}: {trouble}"
    page.unroute("**/*")


def _new_buttons(page: Page, gallery: Gallery) -> dict[str, tuple[str, ElementHandle]]:
    buttons = page.locator(BUTTONS)
    found = zip(buttons.evaluate_all(KINDS), buttons.element_handles(), strict=True)
    new: dict[str, tuple[str, ElementHandle]] = {}
    for (kind, key), button in found:
        if key not in gallery.pressed:
            new.setdefault(key, (kind, button))
    gallery.pressed |= new.keys()
    return new


def _trouble_of(button: ElementHandle, page: Page, gallery: Gallery) -> str | int | None:
    try:
        with page.expect_request(_is_sent, timeout=PATIENCE) as sent:
            button.evaluate("button => { if (button.form) button.form.noValidate = true; button.click() }")
    except TimeoutError:
        return "sends nothing"
    answer = _answered(sent.value, page, gallery)
    return None if answer in TAKEN else answer


KINDS = """buttons => buttons.map(button => {
  const form = button.form, submits = form && button.type === 'submit'
  const sends = submits && form.getAttribute('method') !== 'dialog' || button.hasAttribute('hx-post')
  const where = button.formAction && button.hasAttribute('formaction') ? button.formAction : form && form.action
  return [sends ? 'sends' : 'quiet', [button.textContent.trim(), where, button.value].join(' | ')]
})"""
"""Whether a button sends anything, and what tells it from others."""


def _is_sent(request: Request) -> bool:
    return request.method == "POST" or request.is_navigation_request()


def _catch(route: Route) -> None:
    """Nothing that is sent arrives; the page stays as it is."""
    if _is_sent(route.request):
        route.fulfill(status=204)
    else:
        route.continue_()


def _answered(request: Request, page: Page, gallery: Gallery) -> str | int:
    """What the site answers to this; whatever that changed is undone."""
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    browser.handler = SITE
    for cookie in page.context.cookies():
        browser.cookies[cookie["name"]] = cookie["value"]
    stripe = override_settings(STRIPE_API_KEY="sk_test_gallery", STRIPE_BASE_URL=gallery.stack.stripe.url)
    with stripe, time_machine.travel(gallery.stack.now, tick=False), undone():
        answer = browser.generic(
            request.method,
            urlsplit(request.url)._replace(scheme="", netloc="").geturl(),
            request.post_data_buffer or b"",
            content_type=request.headers.get("content-type", ""),
            headers={name: value for name, value in request.headers.items() if name.startswith(("hx-", "x-csrf"))},
        )
        was_there = urlsplit(page.url).path == reverse(settings.LOGIN_URL)
        if not was_there and _sent_to_the_door(answer.headers.get("Location", ""), urlsplit(request.url).path):
            return "sign in first"
        return answer.status_code


def _sent_to_the_door(location: str, path: str) -> bool:
    """Is somebody sent there who may not press this before they have signed in? (It may also lead there when done.)"""
    door = urlsplit(location)
    return door.path == reverse(settings.LOGIN_URL) and QueryDict(door.query).get("next", path) == path
