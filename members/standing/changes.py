"""How somebody's standing changes: each step is a row more, from a day on, and what follows is in one transaction."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from coop.errors import Refusal, WrongState
from coop.policies import policy_cache
from coop.states import Logged, all_or_nothing
from members.signals import standing_changed
from members.standing.access import beginning, end_access, end_membership
from members.standing.meaning import HERE, MEANING, VOTING, Meaning, MemberState
from members.standing.standings import Standing

if TYPE_CHECKING:
    from members.people.users import User

A_DAY = timedelta(days=1)
AHEAD = timedelta(days=366)
"""How far from today a day of leaving may lie."""
Step = tuple[MemberState, date]
Verb = TypeVar("Verb", bound=Callable[..., Any])


def change(*sources: MemberState, to: MemberState) -> Callable[[Verb], Verb]:
    """Make a method the way from any of `sources` to `to`, from the day `on` (a keyword; today when it is left out).

    In one transaction: the member is locked; a day that is over, or on which they are something else, is refused;
    what was planned for later falls, but for a day of leaving; the rows and an Event are written, from `at`, `by` and
    `note` (the words of the decision), and `standing_changed` is sent. The body refuses what else says no, and may
    give other steps than the one.
    """

    def decorate(verb: Verb) -> Verb:
        @wraps(verb)
        def step(
            self: "WithStanding",
            *,
            at: datetime,
            by: "User | None",
            note: str = "",
            on: date | None = None,
            **more: Any,
        ) -> None:
            with policy_cache(), all_or_nothing(self):
                self.lock()
                day = on or timezone.localdate(at)
                before = self.insist_on(sources, day, at=at)
                steps: list[Step] = verb(self, at=at, by=by, note=note, on=day, **more) or [(to, day)]
                self._follow(steps, at=at, by=by, note=note)
                self.record_event(verb.__name__, at=at, by=by, note=note, before=before, after=self.state_on(day))
                self._announce(verb.__name__, note, since=day, at=at, by=by)

        step.alters_data = True  # type: ignore[attr-defined]
        step.sources, step.to = sources, to  # type: ignore[attr-defined]
        return step  # type: ignore[return-value]

    return decorate


class WithStanding(Logged):
    """Somebody with a standing: what it is on a day, and the verbs that change it."""

    State = MemberState

    if TYPE_CHECKING:
        user: Any
        started_on: Any
        standings: Any
        stretches: Any
        terms: Any

    class Meta:
        abstract = True

    @property
    def state(self) -> MemberState:
        """Where they stand today."""
        return self.state_on(timezone.localdate())

    @property
    def means(self) -> Meaning:
        """What that means today."""
        return MEANING[self.state]

    def state_on(self, day: date) -> MemberState:
        """Where they stand on a day, as far as it is decided; an applicant before anything is."""
        if "stretches" not in getattr(self, "_prefetched_objects_cache", {}):
            prefetch_related_objects([self], "stretches")
        return next((MemberState(one.state) for one in self.stretches.all() if day in one.days), MemberState.APPLICANT)

    def means_on(self, day: date) -> Meaning:
        """What their standing of a day means."""
        return MEANING[self.state_on(day)]

    @property
    def was_owner(self) -> bool:
        """Have they ever been an owner?"""
        return bool(self.stretches.filter(state__in=VOTING).exists())

    def leaves_after(self, day: date) -> date | None:
        """From which later day on they are no member any more, where notice is given."""
        leaving = self.standings.ahead(day).filter(state=MemberState.FORMER).first()
        return leaving.starts_on if leaving else None

    def lock(self) -> None:
        """Take the row and read it anew; who only names this member, as an offer does, need not wait."""
        self.refresh_from_db(from_queryset=type(self)._base_manager.select_for_update(of=("self",), no_key=True))

    def begin(self, *, at: datetime, by: "User | None", note: str = "") -> None:
        """Their first standing, as a candidate from the day on which they start."""
        self._write(MemberState.CANDIDATE, self.started_on, at=at, by=by, note=note)

    @change(MemberState.CANDIDATE, to=MemberState.MEMBER)
    def admit(self, *, at: datetime, by: "User | None", note: str = "", on: date | None = None) -> None:
        """Make a candidate an owner; `note` names the decision."""

    @change(MemberState.MEMBER, MemberState.LEAVING, to=MemberState.ON_LEAVE)
    def go_on_leave(
        self, *, at: datetime, by: "User | None", note: str = "", on: date | None = None, until: date | None = None
    ) -> list[Step]:
        """Take no work from `on` to `until`, both included, or until they come back; the vote stays."""
        assert on is not None
        if until and until < on:
            raise Refusal(_("The last day lies before the first."), field="until")
        if plan := self.standings.ahead(timezone.localdate(at)).exclude(state=MemberState.FORMER).first():
            raise Refusal(
                _("Something is planned already: %(state)s from %(day)s on. Take that back first.")
                % {"state": plan.get_state_display(), "day": date_format(plan.starts_on)},
                field="on",
            )
        away = [(MemberState.ON_LEAVE, on)]
        return [*away, (MemberState.MEMBER, until + A_DAY)] if until else away

    @change(MemberState.ON_LEAVE, to=MemberState.MEMBER)
    def come_back(self, *, at: datetime, by: "User | None", note: str = "", on: date | None = None) -> None:
        """Take work again."""

    @change(MemberState.MEMBER, MemberState.ON_LEAVE, MemberState.LEAVING, to=MemberState.SUSPENDED)
    def suspend(self, *, at: datetime, by: "User | None", note: str, on: date | None = None) -> None:
        """Take no work and act for no office, until it is decided what becomes of it; the vote stays."""

    @change(MemberState.SUSPENDED, to=MemberState.MEMBER)
    def reinstate(
        self, *, at: datetime, by: "User | None", note: str = "", on: date | None = None
    ) -> list[Step] | None:
        """They are again what they were before they were suspended; a leave that is not over goes on to its day."""
        assert on is not None
        begun = self.standings.valid().filter(starts_on__lte=on)
        suspended = begun.filter(state=MemberState.SUSPENDED).latest("starts_on", "pk")
        before = begun.filter(starts_on__lte=suspended.starts_on, pk__lt=suspended.pk).latest("starts_on", "pk")
        if before.state != MemberState.ON_LEAVE:
            return None
        returns = (MemberState.MEMBER, MemberState.LEAVING)
        fell = self.standings.filter(state__in=returns, taken_back_by__decided_at=suspended.decided_at)
        back = fell.values_list("starts_on", flat=True).first()
        if back and back <= on:
            return None
        return [(MemberState.ON_LEAVE, on), *([(MemberState.MEMBER, back)] if back else [])]

    @change(*HERE, to=MemberState.LEAVING)
    def give_notice(
        self, *, gone_on: date, at: datetime, by: "User | None", note: str = "", on: date | None = None
    ) -> list[Step]:
        """Leave the co-op: from the day `gone_on` they are no member any more. Until then it can be taken back."""
        assert on is not None
        if gone_on <= on:
            raise Refusal(_("Choose a day that is still to come."), field="gone_on")
        if gone_on > timezone.localdate(at) + AHEAD:
            raise Refusal(_("Choose a day within a year from today."), field="gone_on")
        if known := self.leaves_after(on):
            raise Refusal(_("They leave already, on %(day)s.") % {"day": date_format(known)}, field="gone_on")
        leaves = (MemberState.FORMER, gone_on)
        return [(MemberState.LEAVING, on), leaves] if self.state_on(on) == MemberState.MEMBER else [leaves]

    @change(*HERE, to=MemberState.FORMER)
    def leave_coop(self, *, at: datetime, by: "User | None", note: str = "", on: date | None = None) -> None:
        """End membership today, and at this moment every office, session, browser and calendar address of theirs."""
        end_access(self, at=at, by=by)

    @change(MemberState.FORMER, to=MemberState.CANDIDATE)
    def return_as_candidate(self, *, at: datetime, by: "User | None", note: str = "", on: date | None = None) -> None:
        """Somebody who left is on the way to being a member again, with the account that they had."""
        self._start_anew(on, at=at, by=by)

    @change(MemberState.FORMER, to=MemberState.MEMBER)
    def return_as_member(self, *, at: datetime, by: "User | None", note: str = "", on: date | None = None) -> None:
        """Somebody who left is a member again, with the account that they had; whoever never was is refused."""
        self.insist_that_they_may_return()
        self._start_anew(on, at=at, by=by)

    def insist_that_they_may_return(self) -> None:
        """Refuse a return as a member of whoever never was an owner, or was forgotten."""
        if not self.was_owner:
            raise Refusal(_("They have never been an owner, so they come back as a candidate."))
        self._insist_that_they_are_known()

    def _insist_that_they_are_known(self) -> None:
        if self.user.erased_at:
            raise Refusal(_("They asked to be forgotten, so nobody knows who this was."))

    def _start_anew(self, on: date | None, *, at: datetime, by: "User | None") -> None:
        self._insist_that_they_are_known()
        left = self.standings.valid().filter(state=MemberState.FORMER, starts_on__lte=on).last()
        end_membership(self, since=beginning(left.starts_on), at=at, by=by)
        self.started_on = on
        self.save()

    def undo(self, planned: Standing, *, at: datetime, by: "User | None", note: str = "") -> None:
        """What is planned does not come about, and what hangs on it neither (`Standing.take_back`)."""
        today = timezone.localdate(at)
        with policy_cache(), all_or_nothing(self):
            self.lock()
            ahead = list(self.standings.ahead(today))
            if planned not in ahead:
                raise Refusal(_("That day has come, or it was taken back already."))
            before = self.state_on(today)
            for row in self._with_it(planned, ahead):
                self._write(row.state, row.starts_on, at=at, by=by, note=note, takes_back=row)
            if planned.state == MemberState.FORMER:
                self._stay(ahead, today=today, at=at, by=by, note=note)
            self._forget_stretches()
            self.record_event("take_back", at=at, by=by, note=note, before=before, after=self.state_on(today))
            self._announce("take_back", note, since=today, at=at, by=by)

    def _with_it(self, planned: Standing, ahead: list[Standing]) -> list[Standing]:
        """A leave is taken back with the day of coming back; a day of leaving with all that is planned up to it."""
        later = [row for row in ahead if row.starts_on > planned.starts_on and row.state != MemberState.FORMER]
        return [planned, *later] if planned.state == MemberState.ON_LEAVE else [planned]

    def _stay(self, ahead: list[Standing], *, today: date, at: datetime, by: "User | None", note: str) -> None:
        """Whoever was leaving is a member as before, now or after the leave that is planned."""
        self.terms.stay(today)
        for row in ahead:
            if row.state == MemberState.LEAVING:
                self._write(row.state, row.starts_on, at=at, by=by, note=note, takes_back=row)
                self._write(MemberState.MEMBER, row.starts_on, at=at, by=by, note=note)
        if self.state_on(today) == MemberState.LEAVING:
            self._write(MemberState.MEMBER, today, at=at, by=by, note=note)

    def insist_on(self, sources: tuple[MemberState, ...], day: date, *, at: datetime) -> MemberState:
        """What they are on a day that is not over; refused unless it is one of `sources`."""
        today, state = timezone.localdate(at), self.state_on(day)
        if day < today:
            raise Refusal(_("That day is over."), field="on")
        if state in sources:
            return state
        if day == today:
            raise WrongState(_("That cannot be done any more: the member is now “%(state)s”.") % {"state": state.label})
        about = {"state": state.label, "day": date_format(day)}
        raise WrongState(_("That cannot be done: on %(day)s the member is “%(state)s”.") % about, field="on")

    def _follow(self, steps: list[Step], *, at: datetime, by: "User | None", note: str) -> None:
        """Write the steps. Plans behind the first fall; whoever gave notice leaves in any case."""
        (to, first), gone = steps[0], self.leaves_after(timezone.localdate(at))
        plans = self.standings.ahead(first)
        for plan in plans if to == MemberState.FORMER else plans.exclude(state=MemberState.FORMER):
            self._write(plan.state, plan.starts_on, at=at, by=by, note=note, takes_back=plan)
        for state, day in steps:
            if state == MemberState.FORMER:
                self.terms.leave(day)
            elif gone and day >= gone:
                continue
            is_leaving = gone and state == MemberState.MEMBER
            self._write(MemberState.LEAVING if is_leaving else state, day, at=at, by=by, note=note)
        self._forget_stretches()

    def _write(
        self,
        state: str,
        day: date,
        *,
        at: datetime,
        by: "User | None",
        note: str,
        takes_back: Standing | None = None,
    ) -> None:
        facts = {"decided_at": at, "by": by, "decision": note, "takes_back": takes_back}
        self.standings.create(state=state, starts_on=day, **facts)

    def _announce(self, verb: str, note: str, *, since: date, at: datetime, by: "User | None") -> None:
        standing_changed.send(sender=type(self), subject=self, verb=verb, note=note, since=since, at=at, by=by)

    def _forget_stretches(self) -> None:
        getattr(self, "_prefetched_objects_cache", {}).pop("stretches", None)
