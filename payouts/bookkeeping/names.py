"""What an account is called where names are read."""

from collections.abc import Iterable

from bookings.models import Client
from coop.typed.text import isolate
from payouts.ledger.ledger import Account

OF_CLIENTS = (Account.Kind.CLIENT, Account.Kind.CREDIT)


def named(accounts: Iterable[Account]) -> dict[int, str]:
    """Each account in words, by its number: whose it is, where it is somebody's. Two queries, however many they are."""
    found = {account.pk: account for account in accounts}
    of_members = Account.objects.filter(pk__in=found, member__isnull=False).select_related("member__user")
    names = {account.pk: str(account.member) for account in of_members}
    numbers = {pk: int(one.code.partition(":")[2]) for pk, one in found.items() if one.kind in OF_CLIENTS}
    clients = Client.objects.filter(pk__in=numbers.values()).select_related("user").in_bulk()
    names |= {pk: str(clients[number].user) for pk, number in numbers.items() if number in clients}
    return {pk: _said(account, names.get(pk)) for pk, account in found.items()}


def _said(account: Account, name: str | None) -> str:
    label = str(account.get_kind_display())
    return isolate(f"{name}: {label}") if name else label[:1].upper() + label[1:]
