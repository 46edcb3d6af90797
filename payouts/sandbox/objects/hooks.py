"""Webhook endpoints, and test clocks: the two small resources that only describe the sandbox itself."""

from __future__ import annotations

import secrets

from payouts.sandbox.desk import Desk
from payouts.sandbox.errors import Obj, Refused
from payouts.sandbox.objects.money import DAY
from payouts.sandbox.web.http import checked_url

FIXED = "we_from_the_start"


def create(desk: Desk, params: Obj, _id: str) -> Obj:
    """Listen to events from now on. Its secret is told once, here."""
    endpoint = desk.new(
        "webhook_endpoint",
        url=checked_url(params["url"], param="url"),
        enabled_events=params["enabled_events"],
        status="enabled",
        secret=f"whsec_{secrets.token_hex(16)}",
        api_version=params.get("api_version"),
        description=params.get("description"),
    )
    desk.describe(endpoint, params)
    return endpoint


def listen(desk: Desk, *, url: str, secret: str) -> None:
    """The one endpoint that the sandbox is started with: all events, a secret known beforehand."""
    told: Obj = {"url": checked_url(url, param="url"), "secret": secret, "enabled_events": ["*"], "status": "enabled"}
    if desk.store.get(FIXED):
        desk.get("webhook_endpoint", FIXED).update(told)
    else:
        desk.new("webhook_endpoint", id=FIXED, **told)


def create_test_clock(desk: Desk, params: Obj, _id: str) -> Obj:
    """Stripe's own test clock: kept and answered, but the sandbox's time is moved at /_sandbox/clock."""
    return desk.new(
        "test_helpers.test_clock",
        frozen_time=params["frozen_time"],
        name=params.get("name"),
        status="ready",
        status_details={},
        deletes_after=desk.now + 30 * DAY,
    )


def advance_test_clock(desk: Desk, params: Obj, id: str) -> Obj:
    clock = desk.get("test_helpers.test_clock", id)
    if params["frozen_time"] <= clock["frozen_time"]:
        raise Refused("A test clock only goes forward.", param="frozen_time")
    clock["frozen_time"] = params["frozen_time"]
    return clock
