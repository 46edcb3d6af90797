"""Two clients are one household: what one owes and has in hand is the other's."""

from datetime import datetime

from payouts.ledger.ledger import Account, Entry, Move


def carry_over(client: int, other: int, *, at: datetime) -> None:
    """What a client owes and has in hand is another's from now on: the two are the same household. Twice is once."""
    pairs = ((Account.client(client), Account.client(other)), (Account.credit(client), Account.credit(other)))
    for mine, theirs in pairs:
        found = Account.objects.filter(code=mine.code).with_balance().first()
        if found and found.balance:
            move = Move(mine, theirs, found.balance) if found.balance > 0 else Move(theirs, mine, -found.balance)
            Entry.post(key=f"carried:{mine.code}", kind=Entry.Kind.CARRIED, at=at, moves=[move])
