"""What only a demo writes, no co-op can ever have: each field that the demo fills is filled by the product, too."""

import ast
from collections import defaultdict
from collections.abc import Iterator

from django.apps import apps
from django.db.models import Model
from django.forms import ModelForm

from tests.processes import ROOT

DEMO = ROOT / "coop" / "dev"
ROOMS = ("coop", "members", "bookings", "payouts", "governance")
NOT_SHIPPED = ("coop/dev/", "payouts/sandbox/", "/migrations/", "/management/")
WRITERS = {"create", "get_or_create", "update_or_create", "update", "filter"}
OURS = {model.__name__: model for model in apps.get_models() if model._meta.app_label in ROOMS}
Written = dict[str, set[str]]


def names(model: type[Model], written: set[str]) -> set[str]:
    """Which fields of a model these words name, with or without `_id`."""
    return {field.name for field in model._meta.fields if {field.name, field.attname} & written}


def models_by_class() -> dict[str, list[str]]:
    """For each class of ours that a model is made of, or that asks for its rows: the models."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, model in OURS.items():
        for part in (*model.__mro__, *type(model._default_manager.all()).__mro__):
            found[part.__name__].append(name)
    return found


def models_by_accessor() -> dict[str, Written]:
    """What `booking.visits` and the like are about, and by which field they point back."""
    found: dict[str, Written] = defaultdict(lambda: defaultdict(set))
    for model in OURS.values():
        for relation in model._meta.related_objects:
            if accessor := relation.get_accessor_name():
                found[accessor][relation.related_model.__name__].add(relation.field.name)
    return found


BY_CLASS, BY_ACCESSOR = models_by_class(), models_by_accessor()


def fills(value: ast.expr) -> bool:
    """To empty a field, as forgetting does, is not to fill it."""
    return not (isinstance(value, ast.Constant) and not value.value) and not (
        isinstance(value, ast.List) and not value.elts
    )


def product() -> Iterator[ast.Module]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if not any(part in path.as_posix() for part in NOT_SHIPPED):
                yield ast.parse(path.read_text())


class Writes(ast.NodeVisitor):
    """The fields that some code writes: what it makes rows with, and what it sets on them."""

    def __init__(self) -> None:
        self.typed: Written = defaultdict(set)
        self.named: set[str] = set()
        self._classes: list[str] = []
        self._strings: list[set[str]] = [set()]

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._classes.append(node.name)
        self.generic_visit(node)
        self._classes.pop()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Facts that are gathered in a dictionary first are written with the rest."""
        dicts = (part for part in ast.walk(node) if isinstance(part, ast.Dict))
        keys = (key for part in dicts for key in part.keys)
        self._strings.append({str(key.value) for key in keys if isinstance(key, ast.Constant)})
        self.generic_visit(node)
        self._strings.pop()

    def visit_Call(self, node: ast.Call) -> None:
        named = {word.arg for word in node.keywords if word.arg and fills(word.value)}
        gathered = self._strings[-1] if any(word.arg in (None, "defaults") for word in node.keywords) else set()
        for model in self._models(node.func):
            self.typed[model] |= named | gathered
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            if fills(node.value):
                self._set(target)
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self._set(node.target)
        self.generic_visit(node)

    def _set(self, target: ast.expr) -> None:
        if isinstance(target, ast.Tuple):
            for part in target.elts:
                self._set(part)
        elif isinstance(target, ast.Attribute):
            if isinstance(target.value, ast.Name) and target.value.id == "self" and self._classes:
                for model in BY_CLASS.get(self._classes[-1], []):
                    self.typed[model].add(target.attr)
            else:
                self.named.add(target.attr)

    def _models(self, called: ast.expr) -> set[str]:
        """Whose rows a call makes or changes: `Visit(...)`, `cls(...)`, `x.visits.update()`."""
        if isinstance(called, ast.Name):
            return {called.id} & OURS.keys() or self._own(called.id)
        if not isinstance(called, ast.Attribute) or called.attr not in WRITERS - {"filter"}:
            return set()
        words = [part for part in ast.walk(called) if isinstance(part, ast.Name | ast.Attribute)]
        names = [part.id if isinstance(part, ast.Name) else part.attr for part in words]
        found = {name for name in names if name in OURS}
        for name in names:
            found |= self._own(name)
            for model, back in BY_ACCESSOR.get(name, {}).items():
                self.typed[model] |= back
                found.add(model)
        return found

    def _own(self, name: str) -> set[str]:
        """`cls`, `self` and `model` inside a class are about its own models."""
        own = name in ("cls", "self", "model") and self._classes
        return set(BY_CLASS.get(self._classes[-1], [])) if own else set()


def forms() -> Written:
    """What a form of a model fills in."""
    found: Written = defaultdict(set)
    waiting = ModelForm.__subclasses__()
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        if form._meta.model in OURS.values():
            found[form._meta.model.__name__] |= set(form.base_fields)
    return found


def test_the_demo_writes_no_field_that_the_product_never_writes() -> None:
    ours, theirs = Writes(), Writes()
    for module in product():
        theirs.visit(module)
    for path in sorted(DEMO.rglob("*.py")):
        ours.visit(ast.parse(path.read_text()))
    by_forms = forms()
    only_here = {
        name: names(model, ours.typed[name]) - names(model, theirs.typed[name] | by_forms[name] | theirs.named)
        for name, model in OURS.items()
    }
    assert {name: found for name, found in only_here.items() if found} == {}
    known = {field for model in OURS.values() for field in names(model, ours.named)}
    assert known - theirs.named.union(*theirs.typed.values(), *by_forms.values()) == set()
