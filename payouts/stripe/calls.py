"""The line to Stripe: one client a kind of caller, patience while a person waits, and trouble in our words."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from math import ceil
from time import monotonic
from typing import TypeVar

import stripe
from django.conf import settings
from requests.exceptions import Timeout

from coop.sending.delivery import Away, Breaker
from payouts.stripe import errors

RETRIES = 2
TIMEOUT = 20
"""Seconds; a worker's lease on a row must be longer than all tries of one call together."""
PATIENCE = 8
"""Seconds for all calls together while a person waits for a page."""

Answer = TypeVar("Answer")


class _Silence(Exception):
    """Stripe took the call, or never did, and says nothing."""


line = Breaker(_Silence)
"""Of all who wait for a page in a process, only the first waits for a Stripe that hangs."""
_waits_until: ContextVar[float | None] = ContextVar("until when a person waits", default=None)


@contextmanager
def while_somebody_waits() -> Iterator[None]:
    """Within this block all calls together take no longer than a person has patience."""
    token = _waits_until.set(monotonic() + PATIENCE)
    try:
        yield
    finally:
        _waits_until.reset(token)


@cache
def _client_for(key: str, base: str, *, retries: int, timeout: float | tuple[float, float]) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        max_network_retries=retries,
        http_client=stripe.RequestsClient(timeout=timeout),
        base_addresses={"api": base} if base else None,
    )


def _client() -> stripe.V1Services:
    if not settings.STRIPE_API_KEY:
        raise errors.Stopped("STRIPE_API_KEY is not set.")
    who = settings.STRIPE_API_KEY, settings.STRIPE_BASE_URL
    until = _waits_until.get()
    if until is None:
        return _client_for(*who, retries=RETRIES, timeout=TIMEOUT).v1
    seconds = ceil(until - monotonic())
    if seconds < 2:
        raise errors.Unknown("Stripe was too slow for somebody who waits.")
    return _client_for(*who, retries=0, timeout=(seconds / 4, seconds * 3 / 4)).v1  # to be heard, and to be answered


_silent: ContextVar[str] = ContextVar("why Stripe did not answer the last call", default="")


def listen_anew() -> None:
    """Whatever an earlier call found does not count any more."""
    _silent.set("")


def insist_on_answers() -> None:
    """Raises Away when the last call found nobody: then it is not the row's trouble, and the next would find nobody."""
    if trouble := _silent.get():
        raise Away(trouble)


@contextmanager
def _in_our_words() -> Iterator[None]:
    """Stripe's errors as ours: what they mean for the row, not what they are called."""
    _silent.set("")
    try:
        yield
    except errors.GatewayTrouble:
        raise
    except (stripe.APIConnectionError, Away) as trouble:
        _silent.set(str(trouble))
        raise errors.Unknown(str(trouble)) from trouble
    except (stripe.AuthenticationError, stripe.PermissionError) as trouble:
        narrow = isinstance(trouble, stripe.PermissionError)
        raise (errors.Narrow if narrow else errors.Stopped)(str(trouble)) from trouble
    except stripe.CardError as trouble:
        no = errors.Unproven if trouble.code == "authentication_required" else errors.Declined
        raise no(trouble.user_message or str(trouble)) from trouble
    except stripe.InvalidRequestError as trouble:
        raise _refused(trouble) from trouble
    except stripe.IdempotencyError as trouble:
        raise (errors.Unknown if trouble.http_status == 409 else errors.Used)(str(trouble)) from trouble
    except stripe.StripeError as trouble:  # 429, 5xx, a reply that cannot be read
        replayed = (trouble.headers or {}).get("Idempotent-Replayed") == "true"
        raise errors.Unknown(str(trouble), replayed=replayed) from trouble


def _refused(trouble: stripe.InvalidRequestError) -> errors.GatewayTrouble:
    code = trouble.code or ""
    if code in ("balance_insufficient", "insufficient_capabilities_for_transfer"):
        return errors.NotNow(str(trouble), code=code)
    if code.endswith("_unexpected_state"):
        return errors.Moved(str(trouble))
    if trouble.http_status == 409:
        return errors.Unknown(str(trouble))
    return errors.Mistaken(str(trouble))


def ask(call: Callable[[stripe.V1Services], Answer]) -> Answer:
    """Stripe's answer. Raises the errors of `payouts.stripe.errors`, and no others."""
    with _in_our_words():
        if _waits_until.get() is None:
            return call(_client())
        return line.ask(lambda: _quickly(call))


def _quickly(call: Callable[[stripe.V1Services], Answer]) -> Answer:
    """A line that broke is tried once more, with the same key; silence is not."""
    try:
        try:
            return call(_client())
        except stripe.APIConnectionError as trouble:
            if isinstance(trouble.__cause__, Timeout):
                raise
            return call(_client())
    except stripe.APIConnectionError as trouble:
        if isinstance(trouble.__cause__, Timeout):
            raise _Silence(str(trouble)) from trouble
        raise


def move(call: Callable[[stripe.V1Services], Answer]) -> Answer:
    """Ask for something that moves money. Raises Paused, too."""
    if not settings.PAYMENTS:
        raise errors.Paused("Payments are switched off (PAYMENTS=off).")
    return ask(call)
