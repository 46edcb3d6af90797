"""A long life is told in steps that stand side by side: one base with the fields, and mixins that know only that."""

import ast
from pathlib import Path

from django.apps import apps
from django.db import models

from coop.states import Logged, Stateful
from payouts.stripe.attempts import StripeAttempt

ROOT = Path(__file__).parents[1]
ROOMS = ("coop", "members", "bookings", "payouts", "governance")


def test_no_mixin_of_a_model_is_built_on_another() -> None:
    ground = (models.Model, Logged, Stateful, StripeAttempt, object)
    ladders = [
        f"{step.__module__}.{step.__name__} is built on {base.__name__}, which is built on {under.__name__}"
        for model in apps.get_models()
        for step in model.__bases__
        for base in step.__bases__
        if base not in ground and not base.__module__.startswith("django.")
        for under in base.__bases__
        if under not in ground
    ]
    assert ladders == []


def test_nothing_is_left_to_a_subclass() -> None:
    unfinished = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Name) and node.id == "NotImplementedError"
    ]
    assert unfinished == []
