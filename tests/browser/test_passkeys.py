"""A passkey from its making to its end, in a browser whose own authenticator says yes by itself."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.gallery import Gallery

A_PHONE_S = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
"""An authenticator that knows its owner by finger or face."""


def test_an_office_makes_a_passkey_signs_in_with_it_and_removes_it(
    gallery: Gallery, open_window: Callable[..., Page]
) -> None:
    page, site = open_window(), gallery.stack.site.replace("127.0.0.1", "localhost")
    page.context.add_cookies([{"name": "evenhand-session", "value": gallery.session_of("sol"), "url": site}])
    its = page.context.new_cdp_session(page)
    its.send("WebAuthn.enable")
    its.send("WebAuthn.addVirtualAuthenticator", {"options": A_PHONE_S})

    page.goto(f"{site}/me/signing-in/passkey")
    page.get_by_label("What we call it").fill("Sol's phone")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url(f"{site}/me/signing-in")
    expect(page.get_by_text("Sol's phone")).to_be_visible()

    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url(f"{site}/", wait_until="networkidle")
    page.goto(f"{site}/me/signing-in")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url(lambda url: "sign-in" not in url, wait_until="networkidle")

    page.goto(f"{site}/me/signing-in")
    page.get_by_role("listitem").filter(has_text="Sol's phone").get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove").click()
    page.wait_for_url(f"{site}/me/signing-in")
    expect(page.get_by_role("heading", name="Passkeys")).to_be_visible()
    expect(page.get_by_text("Sol's phone")).to_have_count(0)
