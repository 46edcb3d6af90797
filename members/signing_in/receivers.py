"""Whoever gets or loses a key is told, and is known for a while by having made it."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from coop.encrypted_fields import resealers
from members.notices.notices import Notice
from members.people.users import User
from members.signing_in import keys

resealers["keys"] = keys.reseal


@receiver(authenticator_added)
def tell_of_new_key(*, request: HttpRequest, user: User, authenticator: Authenticator, **about: Any) -> None:
    """They have just shown that it works, so it counts as used."""
    user.look_at_keys_anew()
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        return
    record_authentication(request, user, "mfa", type=authenticator.type)
    is_app = authenticator.type == Authenticator.Type.TOTP
    with translation.override(user.language):
        what = (
            _("An app that makes codes is set up for your account.") if is_app else _("Your account has a new passkey.")
        )
    _tell(user, "add_key", what)


@receiver(authenticator_removed)
def tell_of_lost_key(*, user: User, authenticator: Authenticator, **about: Any) -> None:
    user.look_at_keys_anew()
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        with translation.override(user.language):
            _tell(user, "remove_key", _("A key to your account is removed."))


@receiver(authenticator_reset)
def tell_of_new_codes(*, user: User, **about: Any) -> None:
    with translation.override(user.language):
        _tell(user, "renew_codes", _("Your account has new recovery codes."))


def _tell(user: User, verb: str, what: str) -> None:
    now = timezone.now()
    user.note(verb, at=now, by=user)
    Notice.post(f"{verb}:{user.pk}:{now.timestamp():.3f}", to=user, mail="keys_changed", at=now, about={"what": what})
