"""Every state machine as a table, for docs/states.md: read off the verbs themselves."""

import inspect
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand

from coop.states import Logged

HEAD = """# States

A verb locks its row and reads it anew, refuses a wrong state, runs, saves, writes an Event and announces, all or
nothing. `make states` writes this page, and a test compares it with the code.
"""


def machines() -> list[type[Logged]]:
    """Every model with states, room by room and in the order of their names."""
    found = [model for model in apps.get_models() if issubclass(model, Logged) and hasattr(model, "State")]
    rooms = list(apps.app_configs)
    ours = [model for model in found if not model.__module__.startswith("tests")]
    return sorted(ours, key=lambda model: (rooms.index(model._meta.app_label), model.__name__))


def table(model: type[Logged]) -> str:
    """The verbs of one machine, by the state from which they lead."""
    states = [str(value) for value in model.State.values]
    rows = []
    for name, verb in inspect.getmembers(model, lambda member: hasattr(member, "sources")):
        sources = sorted(verb.sources, key=states.index)
        rows.append((states.index(sources[0]), name, f"| {', '.join(sources)} | `{name}` | {verb.to or 'stays'} |"))
    lines = [row for _place, _name, row in sorted(rows)]
    return "\n".join([f"## {model.__name__}", "", "| from | verb | to |", "|---|---|---|", *lines, ""])


def page() -> str:
    """docs/states.md as it should be."""
    return "\n".join([HEAD, *(table(model) for model in machines())])


class Command(BaseCommand):
    help = "Print every state machine as a table."

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        self.stdout.write(page(), ending="")
