"""In which ways Stripe does not do what it was asked for, and what each means for the row that asked."""

from coop.sending.delivery import Away, Later, Undeliverable


class GatewayTrouble(Exception):
    """Stripe did not do what it was asked for."""


class Unknown(GatewayTrouble, Later):
    """Nobody can say whether it happened: ask again with the same key.

    `replayed` tells that this very answer is kept under the key, so that asking again is no use: look it up.
    """

    def __init__(self, message: str, *, replayed: bool = False) -> None:
        super().__init__(message)
        self.replayed = replayed


class Declined(GatewayTrouble, Undeliverable):
    """The bank said no: nothing moved, and the next try takes a new key."""


class Unproven(Declined):
    """The bank wants whoever owns the card to confirm it, and they were not there: nothing moved."""


class NotNow(GatewayTrouble, Later):
    """Nothing moved because something is missing that may come: money in the balance, the member's bank account."""

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code


class Moved(GatewayTrouble):
    """The thing is in another state than we thought: retrieve it and converge."""


class Mistaken(GatewayTrouble, Undeliverable):
    """We asked for something that makes no sense: stop this row and tell a person."""


class Used(GatewayTrouble, Undeliverable):
    """Something else was asked for under this key before, and may have been done: look at what it was."""


class Stopped(GatewayTrouble, Away):
    """Our key is not accepted: nothing can be done for any row."""


class Narrow(Stopped):
    """Our key is accepted, and may not do this."""


class Paused(Stopped):
    """Whoever looks after the machine has switched payments off."""


class Forged(GatewayTrouble):
    """A webhook whose signature does not fit, or whose words are no event."""
