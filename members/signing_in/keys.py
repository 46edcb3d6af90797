"""Keys: what somebody has besides their address to show that it is they.

A passkey, an app that makes codes, and recovery codes on paper. The rows and the mathematics are allauth's.
"""

from ipaddress import ip_address
from typing import Any

from allauth.core import context as here
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from coop.contact import coop_name
from coop.encrypted_fields import Sealed
from members.people.users import User
from members.signing_in.devices import device_of

BOUND_TO = "mfa_authenticator.data"
SEALED = ("secret", "seed")


class KeyAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keys in our words; what they are made from is sealed in the database."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("That is not right. Please look once more; a code of the app is good for half a minute."),
    }

    def encrypt(self, text: str) -> str:
        return Sealed.close(text, bound_to=BOUND_TO).token

    def decrypt(self, encrypted_text: str) -> str:
        return Sealed(encrypted_text, bound_to=BOUND_TO).open()

    def get_totp_issuer(self) -> str:
        return coop_name()

    def get_totp_label(self, user: User) -> str:
        return user.address or user.name

    def generate_authenticator_name(self, user: User, type: Any) -> str:
        """What a new passkey is called, unless its owner calls it otherwise: the device it was made on."""
        return device_of(here.request)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": here.request.get_host().partition(":")[0], "name": coop_name()}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        known = super().get_public_key_credential_user_entity(user)
        return {**known, "display_name": user.name or user.address, "name": user.address or user.name}


def takes_passkeys(request: HttpRequest) -> bool:
    """A passkey belongs to a name: where the site is called by a number (127.0.0.1) there are none."""
    try:
        ip_address(request.get_host().rpartition(":")[0].strip("[]") or request.get_host())
    except ValueError:
        return True
    return False


def reseal() -> int:
    """Close what keys are made from again under the newest key of ours; how many there were."""
    adapter = KeyAdapter()
    done = 0
    for pk in Authenticator.objects.values_list("pk", flat=True).iterator():
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().get(pk=pk)
            row.data |= {name: adapter.encrypt(adapter.decrypt(row.data[name])) for name in SEALED if name in row.data}
            row.save(update_fields=["data"])
        done += 1
    return done
