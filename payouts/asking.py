"""When a person waits for Stripe's answer and it does not come, they are told in a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.utils.translation import gettext as _

from coop.errors import Refusal
from payouts.gateway import GatewayTrouble, Paused

log = structlog.get_logger()


@contextmanager
def asking_stripe() -> Iterator[None]:
    """Trouble at Stripe becomes a refusal that says to try again; nothing is lost by it."""
    try:
        yield
    except Paused as pause:
        raise Refusal(_("Payments are paused while we put something in order. Please try again later.")) from pause
    except GatewayTrouble as trouble:
        log.warning("no answer from Stripe", trouble=str(trouble))
        raise Refusal(_("We could not reach Stripe, who keeps the cards. Please try again in a minute.")) from trouble
