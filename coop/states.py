"""State machines as verbs: each step is one transaction that either happens whole or not at all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, ClassVar, Concatenate, ParamSpec, TypeVar, cast

from django.db import models, transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _

from coop.errors import WrongState
from coop.events import Event
from coop.policies import policy_cache

if TYPE_CHECKING:
    from members.models import User

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound="Stateful")


class Logged(models.Model):
    """A row that is locked before it is changed, and whose verbs are written down."""

    State: ClassVar[type[models.TextChoices]]

    class Meta:
        abstract = True

    def lock(self) -> None:
        """Take the row for this transaction and read it anew; what was in memory is forgotten."""
        self.refresh_from_db(from_queryset=type(self)._base_manager.select_for_update(of=("self",)))

    def record_event(
        self, verb: str, *, at: datetime, by: "User | None", note: str = "", before: str = "", after: str = ""
    ) -> None:
        """Write an Event: who did what to this row, when. `by=None` means the clock did."""
        Event.objects.create(
            kind=self._meta.label_lower,
            subject=self.pk,
            verb=verb,
            actor=by,
            at=at,
            before=before,
            after=after,
            note=note,
        )


class Stateful(Logged):
    """A row with a life: its `state` changes only through verbs marked with `@transition`."""

    state: "models.CharField[str, str]"

    class Meta:
        abstract = True

    def record_event(
        self, verb: str, *, at: datetime, by: "User | None", note: str = "", before: str = "", after: str = ""
    ) -> None:
        """Write an Event: who did what to this row, when, and in which state it is now."""
        super().record_event(verb, at=at, by=by, note=note, before=before, after=after or self.state)


@contextmanager
def all_or_nothing(row: models.Model) -> "Iterator[None]":
    """One transaction; if it fails, nothing has happened and the object in memory is as it was, too."""
    remembered = dict(row.__dict__)
    try:
        with transaction.atomic():
            yield
    except BaseException:
        row.__dict__.clear()
        row.__dict__.update(remembered)
        raise


def transition(
    *sources: str, to: str | None, announce: Signal | None = None
) -> Callable[[Callable[Concatenate[M, P], R]], Callable[Concatenate[M, P], R]]:
    """Make a method the way from any of `sources` to the state `to`.

    In one transaction: the row is locked and reloaded, a wrong state is refused (WrongState), the body runs,
    the row is saved, an Event is written from the keywords `at`, `by` and (if the verb has it) `note`, and
    `announce` is sent to the rooms above, any of which may refuse. If anything fails, nothing has happened and
    the object in memory is as it was. The voted rules are read once. Such a verb cannot be called from a template.

    `to=None` keeps the state: a step that needs a state but does not leave it.
    """

    def decorate(verb: Callable[Concatenate[M, P], R]) -> Callable[Concatenate[M, P], R]:
        @wraps(verb)
        def step(self: M, *args: P.args, **kwargs: P.kwargs) -> R:
            at = cast("datetime", kwargs["at"])
            by = cast("User | None", kwargs["by"])
            with policy_cache(), all_or_nothing(self):
                self.lock()
                before = self.state
                if before not in sources:
                    raise WrongState(_too_late(self))
                result = verb(self, *args, **kwargs)
                self.state = to or before
                self.save()
                note = str(kwargs.get("note", ""))
                self.record_event(verb.__name__, at=at, by=by, note=note, before=before)
                if announce:
                    announce.send(sender=type(self), subject=self, at=at, by=by)
            return result

        step.alters_data = True  # type: ignore[attr-defined]
        step.sources, step.to = sources, to  # type: ignore[attr-defined]
        return cast("Callable[Concatenate[M, P], R]", step)

    return decorate


def _too_late(row: Stateful) -> str:
    label = dict(row._meta.get_field("state").flatchoices).get(row.state, row.state)
    return _("That cannot be done any more: the %(thing)s is now “%(state)s”.") % {
        "thing": row._meta.verbose_name,
        "state": label,
    }
