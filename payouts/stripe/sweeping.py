"""How sweeps ask Stripe about many rows."""

from collections.abc import Callable, Iterable

from coop.jobs import Row, process_each
from payouts.stripe import calls

AT_A_TIME = 50


def at_stripe(rows: Iterable[Row], step: Callable[[Row], object]) -> None:
    """Take the step with each row; once nobody answers at Stripe, the others wait for a better minute."""

    def ask(row: Row) -> None:
        step(row)
        calls.insist_on_answers()

    calls.listen_anew()
    process_each(rows, ask)
