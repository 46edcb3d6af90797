"""Who reads the books down to each entry. What names nobody is open to all members (`ledger`)."""

from typing import Any

from rules.permissions import add_perm
from rules.predicates import predicate

from members.rules import holds
from payouts.ledger.ledger import Account

OFFICES = ("treasurer", "board")
"""The money offices: they read every account with the names in it."""


@predicate  # type: ignore[untyped-decorator]
def is_own_account(user: Any, account: Account | None) -> bool:
    """What is owed to this member."""
    return account is not None and account.member is not None and account.member.user_id == user.pk


add_perm("payouts.inspect_books", holds(*OFFICES))
add_perm("payouts.read_account", holds(*OFFICES) | is_own_account)
