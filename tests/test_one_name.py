"""One name ties a verb, its permission, its view and its address; whatever is meant otherwise stands here, with why.

A permission `app.verb_model` is asked for by views called `verb` or `verb_something`, whose addresses have the same
name, and whoever has it calls `verb` of that model, or of the noun that its name ends with (`ask_redo`: `Redo.ask`).
A permission without a model is an office (`bookings.coordinate`): it opens pages, and no verb hangs on it.
"""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.models import Model
from django.urls import URLResolver, get_resolver
from rules.permissions import permissions

from bookings.aftercare.thanks import ThankYou
from bookings.models import DoNotSend, Override, Shift, Swap, Tap, Visit
from bookings.onsite.checklists.checklists import TaskDone
from bookings.onsite.delays import Delay
from coop.dev import demo_votes
from members.models import AccountRecovery, Confirmation
from members.register import record
from payouts.models import Charge, Refund, TakeBack

ROOT = Path(settings.BASE_DIR)
ROOMS = ("coop", "members", "bookings", "payouts", "governance")

OTHER_VERBS: dict[str, object] = {
    # A household and the office do the same to a visit, under other rules.
    "bookings.cancel_own_visit": Visit.cancel_for_client,
    "bookings.move_own_visit": Visit.move_for_client,
    # What people read on the button is no name in Python, or is that of a field.
    "members.answer_confirmation": Confirmation.hear,
    # What the office writes in somebody's file.
    "members.give_skills_member": record.give_skills,
    "members.recover_user": AccountRecovery.ask,
    "members.change_member": record.change,
    # The button says what happens, the verb which row is written about it.
    "bookings.give_shift": Override.give,
    "bookings.not_there_shift": Shift.was_not_there,
    "bookings.refund_visit": Refund.give,
    "bookings.refuse_home_shift": DoNotSend.place,
    "bookings.run_late_shift": Delay.say,
    "bookings.swap_shift": Swap.ask,
    "bookings.thank_visit": ThankYou.write,
    "bookings.tick_shift": TaskDone.tick,
    "bookings.tip_visit": Charge.tip,
    "bookings.write_times_shift": Tap.by_hand,
    "payouts.take_back_payout": TakeBack.ask,
    # The demonstration's own, which a real proposal has not.
    "governance.skip_wait_proposal": demo_votes.skip_wait,
}
"""Verbs that are not called as their permission is."""
WITHOUT_VERB = {
    "members.read_standing_member": "is read",
    "bookings.receipt_visit": "is read",
    "payouts.inspect_payrun": "is read",
    "payouts.open_handentry": "is read",
    "bookings.remove_photo": "the row goes, by delete()",
}
OTHER_VIEWS = {
    "note_yes": "a second way to give a shift",
    "nobody_opens": "the first step of locking out",
    "care_record": "is read by more people than those who edit it",
}
"""Views that are not called as what they ask for."""
OTHER_ADDRESSES = {
    "account_logout": "sign_out",
    "account_confirm_login_code": "view",
    **dict.fromkeys(["mfa_index", "mfa_list_webauthn"], "signing_in"),
}
"""Where a library looks for an address by its own name."""


@dataclass(frozen=True)
class Perm:
    """A permission on rows of a model."""

    name: str
    verb: str
    model: type[Model]


def perms() -> Iterator[Perm]:
    for name in permissions:
        room, code = name.split(".")
        for model in apps.get_app_config(room).get_models():
            if code.endswith(f"_{model._meta.model_name}"):
                yield Perm(name, code.removesuffix(f"_{model._meta.model_name}"), model)


def asked_for() -> Iterator[tuple[str, str]]:
    """What a view asks for, a verb or a whole permission, and the view's name."""
    for room in ROOMS:
        for path in (ROOT / room).rglob("*view*.py"):
            yield from _asked_in(path)
        for path in (ROOT / room).rglob("views/*.py"):
            yield from _asked_in(path)


def _asked_in(path: Path) -> Iterator[tuple[str, str]]:
    for view in ast.parse(path.read_text()).body:
        if isinstance(view, ast.FunctionDef):
            yield from ((what, view.name) for what in _asked_by(view))


def _asked_by(view: ast.FunctionDef) -> Iterator[str]:
    for call in ast.walk(view):
        match call:
            case ast.Call(func=ast.Name("get_for" | "require_perm"), args=[_, ast.Constant(str(what)), *_]):
                yield what


def addresses(resolver: URLResolver) -> Iterator[tuple[str, Callable[..., object]]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern)
        elif pattern.name:
            yield pattern.name, pattern.callback


def starts_with(name: str, verb: str) -> bool:
    return name == verb or name.startswith(f"{verb}_")


def has(owner: object, verb: str) -> bool:
    return callable(getattr(owner, verb, None)) or callable(getattr(getattr(owner, "objects", None), verb, None))


def is_carried_out(perm: Perm) -> bool:
    """Has the model, or the noun at the end of the name, a verb of this name?"""
    if has(perm.model, perm.verb):
        return True
    verb, _, noun = perm.verb.rpartition("_")
    nouns = [model for model in apps.get_models() if model._meta.model_name == noun]
    return any(has(model, verb) for model in nouns)


def test_every_permission_on_a_row_has_its_verb() -> None:
    without = {perm.name for perm in perms() if not is_carried_out(perm)}
    assert without == OTHER_VERBS.keys() | WITHOUT_VERB.keys()


def test_every_view_is_called_as_what_it_asks_for() -> None:
    verbs = {perm.name: perm.verb for perm in perms()}
    asked = [(verbs.get(what, what), view) for what, view in asked_for()]
    other = {view for verb, view in asked if "." not in verb and not starts_with(view, verb)}
    assert other == OTHER_VIEWS.keys()


def test_every_address_is_called_as_its_view() -> None:
    ours = [(name, view.__name__) for name, view in addresses(get_resolver()) if view.__module__.split(".")[0] in ROOMS]
    assert {name: view for name, view in ours if name != view} == OTHER_ADDRESSES


def test_nobody_asks_for_a_verb_that_no_permission_has() -> None:
    known = permissions.keys() | {perm.verb for perm in perms()}
    in_pages = {
        verb
        for path in ROOT.glob("templates/**/*.html")
        for verb in re.findall(r"{% may user [\"'](\w+)[\"']", path.read_text())
    }
    assert {what for what, _ in asked_for()} | in_pages <= known


def test_every_permission_on_a_row_is_asked_for() -> None:
    asked = {what for what, _ in asked_for()}
    never = {perm.name for perm in perms() if not {perm.name, perm.verb} & asked}
    assert never == {"payouts.inspect_payrun"}  # it opens a part of a page
