"""What an office needs before it can act."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coop.readiness.needs import Need, register
from members.offices.roles import Role
from members.people.users import WITHOUT_KEY


def _offices_have_keys() -> bool:
    known = Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES).values("user")
    held = Role.objects.held(timezone.now()).exclude(kind__in=WITHOUT_KEY)
    return settings.DEMO or not held.exclude(member__user__in=known).exists()


register(
    Need(
        "keys",
        _("Somebody holds an office and has no key to their account."),
        _("They set up a passkey, or an app that makes codes. Until then they read, and do not act."),
        _offices_have_keys,
        address="signing_in",
    )
)
