"""What a standing means as a table, for docs/standing.md: read off the table that the code asks."""

from dataclasses import astuple
from typing import Any

from django.core.management.base import BaseCommand

from members.standing.meaning import COLUMNS, MEANING

HEAD = """# What a standing means

A member's standing is dated: rows (`Standing`) say from which day on it is what, and are never changed. **Of two that
could hold, the one with the later first day holds; of the same day, the one decided last.** A row can be taken back
until its day, by another row. Applicants have no account yet. `make states` writes this page, and a test compares it
with the code.
"""
FOOT = """
Days are those of the co-op's calendar. Work goes by the day of the work: somebody on leave until Friday is asked for
Saturday's. What is accepted for days on which it is not kept goes on in turn in the moment in which the row is written,
and what nobody has by then comes back when the row is taken back. Whoever left keeps what is theirs as a client, and
reads their own pay; whoever gave notice while on leave, suspended or a candidate stays that until their last day.
"""


def page() -> str:
    """docs/standing.md as it should be."""
    names = [state.value for state in MEANING]
    rows = [
        f"| {words} | {' | '.join('yes' if says else '–' for says in column)} |"
        for words, column in zip(COLUMNS.values(), zip(*map(astuple, MEANING.values()), strict=True), strict=True)
    ]
    head = [f"| | {' | '.join(names)} |", f"|---|{'---|' * len(names)}"]
    return "\n".join([HEAD, *head, *rows, FOOT])


class Command(BaseCommand):
    help = "Print what each standing means as a table."

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        self.stdout.write(page(), ending="")
