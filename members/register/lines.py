"""What other rooms and folders say about members on the register: a line in each file."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from coop.policies import Text

Say = Callable[[Collection[int], datetime], dict[int, str]]


@dataclass(frozen=True)
class Line:
    """One fact about each of some members, by their number; `say` asks a few queries however many they are.

    `in_list` stands in the list of all members, too; `perm` is what a reader needs for it, empty for all who may read
    the register.
    """

    label: Text
    say: Say
    in_list: bool = False
    perm: str = ""


_lines: dict[str, Line] = {}


def register(key: str, line: Line) -> None:
    """Let a line stand in the files, in the order in which they come. Twice is once."""
    _lines[key] = line


def lines(*, in_list: bool = False) -> list[Line]:
    """All lines, or those of the list."""
    return [line for line in _lines.values() if line.in_list or not in_list]
