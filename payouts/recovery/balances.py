"""Who was paid, or has paid, more than the books say: after a restore until their visits are written down again."""

from bookings.models import Client
from members.models import Member
from payouts.ledger.ledger import Account


def unclaimed() -> list[Account]:
    """The account of what nobody is known for, where something stands in it."""
    rows = Account.objects.filter(kind=Account.Kind.UNCLAIMED).with_balance()
    return list(rows.exclude(balance=0))  # type: ignore[misc]


def overpaid_members() -> list[tuple[Member, int]]:
    """Members who were paid more than they are owed, with the cents: it is taken off what they are owed next."""
    rows = Account.objects.filter(kind=Account.Kind.PAY).with_balance().filter(balance__lt=0)  # type: ignore[misc]
    return [(row.member, -row.balance) for row in rows.select_related("member__user").order_by("pk") if row.member]


def overpaid_clients() -> list[tuple[Client, int]]:
    """Households that paid more than they owe, with the cents. Two queries."""
    rows = Account.objects.filter(kind=Account.Kind.CLIENT).with_balance().filter(balance__gt=0)  # type: ignore[misc]
    cents = {int(row.code.partition(":")[2]): row.balance for row in rows}
    clients = Client.objects.filter(pk__in=cents).select_related("user").order_by("pk")
    return [(client, cents[client.pk]) for client in clients]
