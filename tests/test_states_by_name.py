"""A state is named by its enum, so that a slip of the pen is an error, not an empty list; only a verb changes it."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Q

ROOT = Path(__file__).parents[1]
ROOMS = ("coop", "members", "bookings", "payouts", "governance")
HEARD = {"page", "seen"}
"""What Stripe says about its own things, in its own words."""


def sources() -> Iterator[Path]:
    for room in ROOMS:
        yield from (path for path in sorted((ROOT / room).rglob("*.py")) if "migrations" not in path.parts)


def strings(node: ast.AST, known: dict[str, ast.AST]) -> bool:
    """Is it a string, or does it hold one, be it by the name of something that does?"""
    if isinstance(node, ast.Name) and node.id in known:
        return strings(known[node.id], {})
    if isinstance(node, ast.Attribute) and isinstance(known.get(node.attr), ast.Tuple | ast.List | ast.Set):
        return strings(known[node.attr], {})
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return any(strings(item, known) for item in node.elts)
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value != ""


def reads_state(node: ast.AST) -> bool:
    """`visit.state`, or a tuple with it; what Stripe calls a state is not ours."""
    if isinstance(node, ast.Tuple):
        return any(reads_state(item) for item in node.elts)
    if not isinstance(node, ast.Attribute) or node.attr != "state":
        return False
    return not (isinstance(node.value, ast.Name) and node.value.id in HEARD)


def asks(keyword: str) -> bool:
    """Is it a look-up by state?"""
    return "state" in keyword.split("__") or keyword.endswith("_state")


Known = dict[str, ast.AST]


def spelled_out(node: ast.AST, known: Known) -> str:
    """What a part of a module says of a state by a string; empty when nothing."""
    if isinstance(node, ast.keyword) and node.arg and asks(node.arg) and strings(node.value, known):
        return f"{node.arg}= by a string"
    if isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        if any(map(reads_state, sides)) and any(strings(side, known) for side in sides):
            return "a state compared with a string"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "transition":
        given = [*node.args, *(word.value for word in node.keywords if word.arg == "to")]
        return "a transition by a string" if any(strings(word, known) for word in given) else ""
    return ""


def is_set(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "state" and isinstance(node.ctx, ast.Store)


def inside(classes: Iterable[ast.ClassDef]) -> set[int]:
    return {id(part) for one in classes for part in ast.walk(one)}


def faults(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """A Meta cannot see its class: `test_constraints_speak_of_real_states` reads what it says."""
    nodes = list(ast.walk(tree))
    classes = [node for node in nodes if isinstance(node, ast.ClassDef)]
    declared = inside(one for one in classes if one.name == "Meta")
    members = inside(one for one in classes if any("TextChoices" in ast.unparse(base) for base in one.bases))
    given = [node for node in nodes if isinstance(node, ast.Assign) and id(node) not in members]
    known: Known = {one.targets[0].id: one.value for one in given if isinstance(one.targets[0], ast.Name)}
    its_own = any(ast.unparse(one).startswith("state = models.") for one in given)
    for node in nodes:
        fault = spelled_out(node, known) if id(node) not in declared else ""
        if is_set(node) and not its_own:
            fault = "a state set from outside of a verb"
        if fault:
            yield getattr(node, "lineno", 0), fault


def test_every_state_is_asked_for_by_its_enum_and_changed_by_a_verb() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {fault}"
        for path in sources()
        if path != ROOT / "coop" / "states.py"
        for line, fault in faults(ast.parse(path.read_text()))
    ]
    assert found == []


@pytest.mark.parametrize(
    "fault",
    [
        'shifts.filter(visit__booking__state="confirmd")',
        'BUSY = ("held", "ofered")\nshifts.filter(state__in=BUSY)',
        'shifts.exclude(state__in=["done", State.LEFT])',
        'done = shift.state == "doen"',
        'mine = (shift.state, shift.member_id) == ("acepted", 1)',
        'open = shift.state in ("opne",)',
        'class Charge:\n    DUE = ("due", "hled")\nCharge.objects.filter(state__in=Charge.DUE)',
        '@transition("made", to=State.ACCEPTED)\ndef accept(self): ...',
        "visit.state = Visit.State.COMPLETED",
    ],
)
def test_a_slip_of_the_pen_is_found(fault: str) -> None:
    assert len(list(faults(ast.parse(fault)))) == 1


def asked_for(condition: Q) -> Iterator[str]:
    """The states that a condition of a row's own table names."""
    for child in condition.children:
        if isinstance(child, Q):
            yield from asked_for(child)
        elif isinstance(child, tuple) and child[0] in ("state", "state__in", "old__state", "new__state"):
            yield from [child[1]] if isinstance(child[1], str) else child[1]


def test_constraints_speak_of_real_states() -> None:
    wrong = []
    for model in apps.get_models():
        named = [*model._meta.constraints, *model._meta.indexes, *getattr(model._meta, "triggers", [])]
        conditions = [one.condition for one in named if isinstance(getattr(one, "condition", None), Q)]
        states = {state for condition in conditions for state in asked_for(condition)}
        if states:
            state: Any = model._meta.get_field("state")
            wrong += sorted(states - {value for value, _label in state.flatchoices})
    assert wrong == []
