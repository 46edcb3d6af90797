"""Background work of signing in."""

from celery import shared_task
from django.utils import timezone

from coop.jobs import process_each, sweep
from members.notices import letters
from members.signing_in.addresses.address_changes import AddressChange
from members.signing_in.numbers.texted_codes import TextedCode


@sweep("members.sweep_addresses")
def sweep_addresses() -> None:
    """Tell old addresses that they were changed, and forget those that cannot be taken back any more."""
    process_each(AddressChange.objects.to_tell().select_related("user")[:100], tell_old_address)
    AddressChange.objects.over(timezone.now()).update(was="", becomes="")


@shared_task(name="members.send_texted_code")
def send_texted_code(code_id: int) -> None:
    """Send one code."""
    for code in TextedCode.objects.filter(pk=code_id):
        code.send(at=timezone.now())


@sweep("members.sweep_texted_codes")
def sweep_texted_codes() -> None:
    """Throw away what is no longer good, and send what nobody was told of."""
    now = timezone.now()
    TextedCode.objects.over(now).delete()
    process_each(TextedCode.objects.order_by("pk")[:100], lambda one: one.send(at=now))


def tell_old_address(change: AddressChange) -> None:
    """Write to the old address, with the way to stop it. Raises Away and Later: then the sweep comes by again."""
    rows = AddressChange.objects.filter(pk=change.pk)
    rows.update(tries=change.tries + 1)
    about = {"change": change, "name": change.user.first_name}
    letters.write("address_changed", to=change.was, language=change.user.language, about=about)
    rows.update(told_at=timezone.now())
