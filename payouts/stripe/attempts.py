"""Asking Stripe to move money, once whatever crashes: the claim, the key, the tries and the pauses of every such row.

The row is the queue. Whoever claims it asks while no transaction is open, with the key and the exact parameters that
stand in it; what Stripe answers is written down under the row's lock. Charges, payouts and refunds say what they ask
for (`_wish`), how (`_request`), how it is found again (`_look`), and what follows from it (`_follow`, `_hear_no`).

Before each ask it is looked for at Stripe whether it was done already, by any try and by whomever: a restored database
knows nothing of what was paid after its backup. What is found counts only when cents and payee are those that were
wanted; anything else a person looks at, and no money moves meanwhile.
"""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar, cast

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from coop.money import dollars
from coop.sending.delivery import pause_after
from coop.states import Stateful
from payouts.stripe import errors, gateway, names
from payouts.stripe.lookout import Lookout

if TYPE_CHECKING:
    from members.models import User

LEASE = timedelta(minutes=2)
"""Longer than all tries of one call to Stripe."""
KEYS_LAST = timedelta(hours=20)
"""Stripe forgets an idempotency key after 24 hours; from here on we look instead of asking again."""

Attempt = TypeVar("Attempt", bound="StripeAttempt")


class Changed(errors.GatewayTrouble):
    """What is wanted changed before it was asked for: nothing was, and the row has its own time again."""


class NobodyKnows(errors.GatewayTrouble):
    """Nothing of the kind is to be seen at Stripe, and the key is too old to ask again."""


class Misfit(errors.GatewayTrouble):
    """Something was done at Stripe for this debt, and it is not what is wanted: a person looks at it."""


class AttemptQuerySet(models.QuerySet[Attempt]):
    def visible_to(self, user: "User") -> Self:
        """All for those who look after what went wrong, none for others."""
        return self if user.has_perm("payouts.see_trouble") else self.none()

    def due(self, at: datetime) -> Self:
        """Those whose next step is due and that nobody is busy with, unless payments are off or wait for a look."""
        if not settings.PAYMENTS:
            return self.none()
        free = Q(lease_until__isnull=True) | Q(lease_until__lte=at)
        return self.filter(free, self.model.has_a_step(at), Exists(Lookout.objects.clear(at)))

    def in_hand(self) -> Self:
        """Those that are not over: their tries may still be paused, and Stripe's no still counts."""
        return self.filter(state__in=self.model.IN_HAND)

    def claim(self, pk: int, *, at: datetime) -> bool:
        """Make this row ours for the length of a call to Stripe; False when it is somebody else's or not due."""
        tried = Coalesce("first_tried_at", Value(at))
        facts = {"lease_until": at + LEASE, "attempts": F("attempts") + 1, "first_tried_at": tried}
        return bool(self.due(at).filter(pk=pk).update(**facts, **self.model.WHILE_CLAIMED))


class StripeAttempt(Stateful):
    """A row that asks Stripe to move money.

    `number_of_try` names the idempotency key; only a certain no begins a new one. `params` is exactly what is asked.
    """

    IN_HAND: ClassVar[tuple[str, ...]]
    WHILE_CLAIMED: ClassVar[Mapping[str, str]] = {}
    UNSEEN: ClassVar[str | Promise] = ""
    """What a person reads when Stripe shows nothing of the kind and nobody knows."""
    WHOM: ClassVar[str]
    """Which of the parameters says whom it pays, or whose money it is."""

    number_of_try = models.PositiveSmallIntegerField(default=1)
    params = models.JSONField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    first_tried_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True)

    class Meta:
        abstract = True

    @classmethod
    def has_a_step(cls, at: datetime) -> Q:
        """Which rows have a step at Stripe to take by then."""
        return Q(state__in=cls.IN_HAND, due_at__lte=at)

    @property
    def key(self) -> str:
        """The idempotency key of this try: by what it pays, which its frozen parameters say."""
        name = names.name_in(self.params)
        return names.key_of(name) if name else f"{self._meta.model_name}-{self.pk}-{self.number_of_try}"

    def attempt(self, *, at: datetime) -> bool:
        """Take the next step at Stripe if it is due, and say whether it was. Safe to call twice. Raises Stopped."""
        if not self._row().claim(self.pk, at=at):
            return False
        self.refresh_from_db()
        try:
            seen = self._ask(at)
        except errors.Stopped:
            raise
        except errors.Unknown as trouble:
            self._hear_nothing(str(trouble), at=at)
        except errors.GatewayTrouble as no:
            with transaction.atomic():
                self.lock()
                if self.state in self.IN_HAND:
                    self._hear_no(no, at=at)
        else:
            self.converge(seen, at=at)
        return True

    def converge(self, seen: Any, *, at: datetime) -> None:
        """Make this row say what Stripe says, whoever told us and however often."""
        with transaction.atomic():
            self.lock()
            self._follow(seen, at=at)

    @abstractmethod
    def _follow(self, seen: Any, *, at: datetime) -> None:
        """What Stripe shows, or has just done; the row is locked and may be further on already."""

    @abstractmethod
    def _hear_no(self, no: errors.GatewayTrouble, *, at: datetime) -> None:
        """Stripe will not, or nobody knows whether it did; the row is locked."""

    @abstractmethod
    def _wish(self) -> gateway.Params:
        """What exactly this try asks for. Raises what Stripe would say where it is known before."""

    @abstractmethod
    def _request(self, params: gateway.Params) -> Any:
        """Ask for it, with this try's key; what came of it."""

    @abstractmethod
    def _look(self, params: gateway.Params) -> Any:
        """What any try of this debt has done, as Stripe shows it; None where nothing is to be seen."""

    def _ask(self, at: datetime) -> Any:
        """What was done for this debt already, else ask for it, as long as this try's key tells."""
        if self.params is None:
            self._freeze()
        if (found := self._find()) is not None:
            return found
        if self._key_is_old(at):
            raise NobodyKnows(str(self.UNSEEN))
        try:
            return self._request(self.params or {})
        except errors.Unknown as trouble:
            if trouble.replayed:
                return self._find_or(NobodyKnows(str(self.UNSEEN)))
            raise
        except errors.Used:
            other = _("Stripe was asked for something else under this name before. Nothing moved.")
            return self._find_or(Misfit(other))

    def _find_or(self, no: errors.GatewayTrouble) -> Any:
        if (found := self._find()) is None:
            raise no
        return found

    def _find(self) -> Any:
        """What was done for this debt. Raises Misfit where that is not what is wanted."""
        params = self.params or {}
        found, cents, whom = self._look(params), params["amount"], params[self.WHOM]
        if found is None or (found.cents, found.whom) == (cents, whom):
            return found
        done, wanted = f"{dollars(found.cents)} ({found.whom})", f"{dollars(cents)} ({whom})"
        said = {"id": found.id, "done": done, "wanted": wanted}
        raise Misfit(_("Stripe has %(done)s for this already (%(id)s); wanted was %(wanted)s. Nothing moved.") % said)

    def _freeze(self) -> None:
        """Write down what exactly is asked for, before it is asked for the first time."""
        self.params = self._wish()
        if not self._as_asked().update(params=self.params):
            raise Changed

    def _as_asked(self) -> AttemptQuerySet[Self]:
        """This row, as long as what is frozen is what is wanted of it."""
        return self._row()

    def _key_is_old(self, at: datetime) -> bool:
        return self.first_tried_at is not None and at - self.first_tried_at > KEYS_LAST

    def _hear_nothing(self, trouble: str, *, at: datetime) -> None:
        """Nobody can say whether it happened: the same again after a pause."""
        self._rest(at + pause_after(self.attempts), trouble)

    def _rest(self, until: datetime, trouble: str = "") -> None:
        self._row().in_hand().update(lease_until=None, due_at=until, trouble=trouble)

    def _begin_a_new_try(self) -> None:
        """Only after a certain no: a new number is a new key."""
        self.number_of_try, self.params = self.number_of_try + 1, None
        self._forget_calls()

    def _forget_calls(self) -> None:
        self.attempts, self.first_tried_at, self.lease_until = 0, None, None

    def _row(self) -> AttemptQuerySet[Self]:
        rows = cast("AttemptQuerySet[Self]", type(self)._default_manager.all())
        return rows.filter(pk=self.pk)
