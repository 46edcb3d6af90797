"""When a person waits for Stripe's answer and it does not come, they are told in a sentence."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from coop.errors import Refusal
from payouts.stripe.calls import while_somebody_waits
from payouts.stripe.errors import GatewayTrouble, Paused

log = structlog.get_logger()


@contextmanager
def asking_stripe() -> Iterator[None]:
    """Trouble at Stripe, or its silence, becomes a refusal that says to try again; nothing is lost by it."""
    try:
        with while_somebody_waits():
            yield
    except Paused as pause:
        raise Refusal(_("Payments are paused while we put something in order. Please try again later.")) from pause
    except GatewayTrouble as trouble:
        log.warning("no answer from Stripe", trouble=str(trouble))
        raise Refusal(_("We could not reach Stripe, who keeps the cards. Please try again in a minute.")) from trouble


def off_to_stripe(open_page: Callable[[], str]) -> HttpResponse:
    """On to a hosted page, whose address `open_page` asks Stripe for."""
    with asking_stripe():
        answer = redirect(open_page())
    answer.status_code = 303
    return answer


def back_from_stripe(request: HttpRequest, look: Callable[[], object]) -> None:
    """Whoever is back from a hosted page is not taken at their word: Stripe is asked, and a sweep does so again.

    If it does not answer they are told, and go on to where they wanted to go.
    """
    try:
        with asking_stripe():
            look()
    except Refusal as silence:
        messages.warning(request, str(silence))
