"""Background work of signing in."""

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone, translation

from coop.contact import coop_name
from coop.jobs import process_each, sweep
from coop.sending import mail
from coop.sending.delivery import Undeliverable
from coop.typed.text import one_line
from members.notices.notices import AUTOMATIC, signature
from members.signing_in.address_changes import AddressChange


@sweep("members.sweep_addresses")
def sweep_addresses() -> None:
    """Tell old addresses that they were changed, and forget those that cannot be taken back any more."""
    process_each(AddressChange.objects.to_tell().select_related("user")[:100], tell_old_address)
    AddressChange.objects.over(timezone.now()).update(was="", becomes="")


def tell_old_address(change: AddressChange) -> None:
    """Write to the old address, with the way to stop it. Raises Away and Later: then the sweep comes by again."""
    rows = AddressChange.objects.filter(pk=change.pk)
    rows.update(tries=change.tries + 1)
    with translation.override(change.user.language):
        about = {"change": change, "name": change.user.first_name, "coop_name": coop_name()}
        subject, _blank, body = render_to_string("mail/address_changed.txt", about).strip().partition("\n")
    letter = EmailMessage(
        one_line(subject),
        body.strip() + signature(change.user.language),
        mail.sender(),
        to=[change.was],
        headers=AUTOMATIC,
    )
    try:
        with mail.in_our_words():
            letter.send()
    except Undeliverable:  # there is nobody to tell
        pass
    rows.update(told_at=timezone.now())
