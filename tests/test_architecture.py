"""ARCHITECTURE.md says what the code does: its tables of states are read off the verbs, and compared."""

import inspect
from pathlib import Path

import pytest
from django.apps import apps

from coop.policies import registry
from coop.states import Stateful

PAGE = Path(__file__).parents[1] / "ARCHITECTURE.md"


def machines() -> list[type[Stateful]]:
    rooms = ("members", "bookings", "payouts", "governance")
    return [model for model in apps.get_models() if issubclass(model, Stateful) and model.__module__.startswith(rooms)]


def table(model: type[Stateful]) -> str:
    """The verbs of one machine as they stand in ARCHITECTURE.md."""
    states = [str(value) for value, _label in model._meta.get_field("state").flatchoices]  # type: ignore[union-attr]
    rows = []
    for name, verb in inspect.getmembers(model, lambda member: hasattr(member, "sources")):
        sources = sorted(verb.sources, key=states.index)
        rows.append((states.index(sources[0]), name, f"| {', '.join(sources)} | `{name}` | {verb.to or 'stays'} |"))
    lines = [row for _place, _name, row in sorted(rows)]
    return "\n".join([f"**{model.__name__}**", "", "| from | verb | to |", "|---|---|---|", *lines])


@pytest.mark.parametrize("model", machines(), ids=lambda model: model.__name__)
def test_the_states_on_paper_are_those_in_the_code(model: type[Stateful]) -> None:
    assert table(model) in PAGE.read_text(), f"\n{table(model)}\n"


def test_every_rule_that_a_vote_may_change_has_a_source() -> None:
    assert [policy.key for policy in registry.values() if not policy.source] == []
