"""Does Stripe take our key, and do its calls reach us? What a co-op needs for that, and how it is tried."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coop.readiness.needs import BELOW, Need
from coop.readiness.needs import register as need
from coop.readiness.trials import Answer, Finding, Trial
from coop.readiness.trials import register as let_try
from members.models import User
from payouts.stripe import errors, gateway
from payouts.stripe.calls import while_somebody_waits
from payouts.stripe.webhooks import WebhookEvent

MISFIT = "stripe_misfit"
"""Under which name it is kept that somebody called whose signature did not fit."""


def _try_key(by: User | None) -> Answer:
    """Ask Stripe what we have there: moves nothing."""
    if not settings.STRIPE_API_KEY:
        return Answer("missing" if settings.PAYMENTS else "off")
    try:
        with while_somebody_waits():
            real = gateway.is_real()
    except errors.Narrow:
        return Answer("narrow")
    except errors.Stopped:
        return Answer("wrong")
    except errors.GatewayTrouble:
        return Answer("silent")
    if not settings.PAYMENTS:
        return Answer("off")
    return Answer("real" if real else "trial")


def _try_webhook(by: User | None) -> Answer:
    """Look at the calls that came, and ask Stripe whether it knows our address."""
    if not settings.STRIPE_WEBHOOK_SECRET:
        return Answer("missing" if settings.PAYMENTS else "off")
    came = WebhookEvent.objects.order_by("-received_at").values_list("received_at", flat=True).first()
    misfit = Finding.objects.filter(key=MISFIT).values_list("at", flat=True).first()
    if misfit and (came is None or misfit > came):
        return Answer("misfit", _at(misfit))
    address = f"{settings.BASE_URL}{reverse('stripe_webhook')}"
    if not _is_listed(address):
        return Answer("unlisted", {"address": address})
    return Answer("well", _at(came)) if came else Answer("never", {"address": address})


def _is_listed(address: str) -> bool:
    """Does Stripe call this address? What it does not tell us counts as a yes: what came says more."""
    try:
        with while_somebody_waits():
            return address in gateway.called_addresses()
    except errors.GatewayTrouble:
        return True


def _at(moment: datetime) -> dict[str, str]:
    return {"at": moment.isoformat()}


def note_misfit() -> None:
    """Somebody called whose signature did not fit our secret; kept at most twice a minute."""
    Finding.note_seldom(MISFIT, at=timezone.now())


KEY = Trial(
    "stripe-key",
    _("Stripe: our key"),
    _try_key,
    {
        "real": _("Stripe takes our key. Cards are really charged."),
        "trial": _("Stripe takes our key. It is one for trials: no real money moves."),
        "off": _("Payments are switched off on this machine (PAYMENTS=off)."),
        "missing": _("There is no key: STRIPE_API_KEY, from Stripe's page for developers."),
        "wrong": _("Stripe does not take our key: copy STRIPE_API_KEY anew from Stripe's page for developers."),
        "narrow": _("Stripe takes our key, but it may not do enough: give it more rights, or take the secret key."),
        "silent": _("Stripe does not answer just now. Try again in a few minutes."),
    },
    good=frozenset({"real", "trial"}),
    idle=frozenset({"off"}),
)
WEBHOOK = Trial(
    "stripe-webhook",
    _("Stripe: its calls to us"),
    _try_webhook,
    {
        "well": _("The last call from Stripe came on %(at)s, and its signature fitted."),
        "never": _("Stripe knows %(address)s, and has never called yet. It does with the first card."),
        "off": _("Payments are switched off on this machine (PAYMENTS=off)."),
        "missing": _("There is no secret to know Stripe by: STRIPE_WEBHOOK_SECRET, from its page of webhooks."),
        "misfit": _(
            "The last call came on %(at)s, and its signature did not fit. If Stripe says that calls fail, copy "
            "STRIPE_WEBHOOK_SECRET anew from its page of webhooks."
        ),
        "unlisted": _("Stripe does not know where to call: add %(address)s on its page of webhooks."),
    },
    good=frozenset({"well"}),
    idle=frozenset({"off", "never"}),
)
let_try(KEY, WEBHOOK)
need(
    Need(
        "stripe",
        _("No card can be charged: there is no key to Stripe."),
        _("Set STRIPE_API_KEY, from Stripe's page for developers; docs/operate.md says where."),
        lambda: bool(settings.STRIPE_API_KEY) or not settings.PAYMENTS,
        opens=True,
    ),
    Need(
        "stripe-tried",
        _("Stripe did not take our key when it was tried last."),
        BELOW,
        lambda: not settings.STRIPE_API_KEY or KEY.is_well,
        address="readiness",
        opens=True,
    ),
    Need(
        "webhook",
        _("We do not know Stripe's calls: their secret is missing."),
        _("Set STRIPE_WEBHOOK_SECRET, from Stripe's page of webhooks; docs/operate.md says where."),
        lambda: bool(settings.STRIPE_WEBHOOK_SECRET) or not settings.PAYMENTS,
    ),
    Need(
        "webhook-tried",
        _("Stripe's calls did not reach us when it was tried last."),
        _(
            "Its answer stands with “Try it”. Until it is mended we ask Stripe ourselves, and everything is a little "
            "later."
        ),
        lambda: not settings.STRIPE_WEBHOOK_SECRET or WEBHOOK.is_well,
        address="readiness",
    ),
)
