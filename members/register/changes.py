"""What was changed about a member, in the words of whoever reads it; other rooms say how theirs are read."""

from collections.abc import Callable

from coop.events import Event
from members.people.members import Member
from members.standing.decisions import in_words

MOST = 40
"""How many of the last changes a file shows."""

Read = Callable[[str], str]
_readers: dict[str, Read] = {}


def register(verb: str, read: Read) -> None:
    """Let the notes of a verb, which hold codes, be read in words. Twice is once."""
    _readers[verb] = read


def changes_of(member: Member) -> list[tuple[Event, str]]:
    """The last changes with their notes, the latest first. One query."""
    events = Event.objects.about(member).select_related("actor").reverse()[:MOST]
    return [(event, _readers.get(event.verb, in_words)(event.note)) for event in events]
