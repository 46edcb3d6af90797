"""The papers say what the code does: docs/states.md is read off the verbs, and compared; so is what is locked."""

import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bookings.wings import WINGS
from coop.dev.management.commands.states import page
from coop.policies import registry
from governance.folders import FOLDERS as governance
from members.folders import FOLDERS as members
from payouts.folders import FOLDERS as payouts
from tests.services import is_in, shard

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_the_states_on_paper_are_those_in_the_code() -> None:
    assert (ROOT / "docs" / "states.md").read_text() == page()


def test_the_map_is_small_enough_to_be_read() -> None:
    assert len((ROOT / "ARCHITECTURE.md").read_text().splitlines()) < 250


def test_every_rule_that_a_vote_may_change_has_a_source() -> None:
    assert [policy.key for policy in registry.values() if not policy.source] == []


@pytest.mark.parametrize(
    ("room", "listed"), [("members", members), ("bookings", WINGS), ("payouts", payouts), ("governance", governance)]
)
def test_each_folder_of_a_room_takes_part(room: str, listed: tuple[str, ...]) -> None:
    """What a folder registers is found by this list alone."""
    folders = {path.parent.name for path in (ROOT / room).glob("*/__init__.py")}
    assert folders - {"management", "migrations", "models", "sandbox", "templatetags"} == set(listed)


def locked(name: str) -> dict[str, str]:
    """The packages of a lock file, each with its version and the condition under which it is installed."""
    return dict(re.findall(r"^([\w.-]+)(?:\[[^]]*\])?==(.+?) \\$", (ROOT / name).read_text(), re.MULTILINE))


def names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(one).name) for one in requirements}


def test_whatever_the_project_asks_for_is_locked() -> None:
    asked, dev = PROJECT["project"]["dependencies"], PROJECT["dependency-groups"]["dev"]
    assert names(asked) - locked("requirements.txt").keys() == set()
    assert names(asked + dev) - locked("requirements-dev.txt").keys() == set()


def test_what_is_tested_is_what_is_shipped() -> None:
    tested = locked("requirements-dev.txt")
    assert {name: tested.get(name) for name in locked("requirements.txt")} == locked("requirements.txt")


def test_no_lock_file_names_where_packages_come_from() -> None:
    assert re.findall(r"https?:|index-url", (ROOT / "requirements-dev.txt").read_text()) == []


@pytest.mark.parametrize("of", [1, 2, 3, 7])
def test_each_test_is_in_one_part(of: int) -> None:
    tests = [f"tests/test_{number}.py::test_{number}[{number % 5}]" for number in range(500)]
    parts = [[test for test in tests if is_in(test, shard(f"{number}/{of}"))] for number in range(1, of + 1)]
    assert sorted(chain(*parts)) == sorted(tests)
    assert min(map(len, parts)) > 300 // of


@pytest.mark.parametrize("text", ["0/3", "4/3", "one", "1/0"])
def test_a_part_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        shard(text)
