"""One list of what waits, as a page shows it to one person."""

from dataclasses import dataclass
from datetime import datetime
from itertools import count

from coop.web.attention import Remedy, Row, WaitingList
from members.models import Role, User
from payouts.payroll.forms import NoteForm

SHOWN = 100
"""Of each list; how many more there are is said."""


@dataclass(frozen=True)
class Button:
    """A remedy with the note that it asks for, if it does."""

    remedy: Remedy
    note: NoteForm | None


@dataclass(frozen=True)
class Section:
    """A list with its first rows, each with what this person can do about it."""

    waiting: WaitingList
    rows: list[tuple[Row, list[Button]]]
    count: int

    @classmethod
    def of(cls, waiting: WaitingList, user: User, *, at: datetime) -> "Section":
        """What of a list is shown to somebody."""
        found = waiting.find(user, at)
        rows = [waiting.show(one) for one in found[:SHOWN]]
        numbers = count(1)
        shown = [
            (row, [_button(one, f"{waiting.code}-{next(numbers)}") for one in row.remedies if one.is_for(user)])
            for row in rows
        ]
        return cls(waiting, shown, len(rows) if len(rows) < SHOWN else waiting.count(user, at))

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.rows)

    @property
    def cents(self) -> int | None:
        """What they come to together, where they are about sums and all of them are shown."""
        sums = [row.cents for row, _buttons in self.rows if row.cents is not None]
        return sum(sums) if len(sums) > 1 and not self.more else None

    @property
    def offices(self) -> list[str]:
        """Who mends it."""
        return [str(Role.Kind(office).label) for office in self.waiting.offices]


def _button(remedy: Remedy, number: str) -> Button:
    return Button(remedy, NoteForm(auto_id=f"{number}-%s") if remedy.asks else None)
