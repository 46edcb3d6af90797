"""The papers say what the code does: docs/states.md is read off the verbs, and compared."""

from pathlib import Path

from bookings.wings import WINGS
from coop.dev.management.commands.states import page
from coop.policies import registry

ROOT = Path(__file__).parents[1]


def test_the_states_on_paper_are_those_in_the_code() -> None:
    assert (ROOT / "docs" / "states.md").read_text() == page()


def test_the_map_is_small_enough_to_be_read() -> None:
    assert len((ROOT / "ARCHITECTURE.md").read_text().splitlines()) < 250


def test_every_rule_that_a_vote_may_change_has_a_source() -> None:
    assert [policy.key for policy in registry.values() if not policy.source] == []


def test_each_folder_of_bookings_is_a_wing_that_takes_part() -> None:
    """What a wing registers is found by this list alone."""
    folders = {path.parent.name for path in (ROOT / "bookings").glob("*/__init__.py")}
    assert folders - {"migrations", "models", "templatetags"} == set(WINGS)
