"""An act that one person asks for and a second one confirms, after whoever it is about could answer."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import ClassVar

import pgtrigger
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.errors import Refusal
from coop.events import GONE, only_words_go
from coop.states import Stateful, transition
from coop.typed.fields import WrittenLine
from members.notices.notices import Notice
from members.offices.roles import Role
from members.people.members import Member
from members.people.users import User
from members.policies import ANSWER_HOURS, RULE_OF_TWO
from members.second_person.concerns import Concern
from members.second_person.confirmable_acts import Matter, matters

FEW = 3
"""How many are named where nobody of the offices can be second."""

NOBODY_ABOUT_THEMSELVES = """
IF NEW.state IN ('confirmed', 'declined') AND EXISTS (
    SELECT FROM members_concern c JOIN members_member m ON m.id = c.member_id
    WHERE c.confirmation_id = NEW.id AND m.user_id = NEW.decided_by_id) THEN
  RAISE EXCEPTION 'nobody_decides_about_themselves' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class ConfirmationQuerySet(models.QuerySet["Confirmation"]):
    def waiting(self) -> "ConfirmationQuerySet":
        """Those that nobody has decided yet, the oldest first."""
        return self.filter(state=Confirmation.State.ASKED).order_by("asked_at", "pk")

    def visible_to(self, user: User) -> "ConfirmationQuerySet":
        """What one asked for, is asked to answer or can confirm, and for the offices that confirm: their kinds."""
        if user.membership is None:
            return self.none()
        kinds = [kind for kind, matter in matters.items() if not user.roles.isdisjoint(matter.offices)]
        theirs = Q(asked_by=user) | Q(decided_by=user) | Q(kind__in=kinds)
        asked = Q(pk__in=Concern.objects.filter(member=user.membership, is_asked=True).values("confirmation"))
        return self.filter(theirs | asked | Q(pk__in=_stood_in_for(user, besides=kinds, at=timezone.now())))

    def ready(self, at: datetime) -> "ConfirmationQuerySet":
        """Those whose time to answer is over."""
        return self.waiting().filter(ready_at__lte=at)

    def falling_with(self, member: Member, since: datetime) -> "ConfirmationQuerySet":
        """What waits about the membership or an office of somebody, asked up to the moment in which they left.

        What is decided at this very moment is left to whoever decides.
        """
        kinds = [kind for kind, matter in matters.items() if matter.falls]
        theirs = self.waiting().filter(kind__in=kinds, asked_at__lte=since)
        named = Concern.objects.filter(member=member).values("confirmation")
        return theirs.filter(pk__in=named).select_for_update(skip_locked=True, of=("self",))

    def with_related(self) -> "ConfirmationQuerySet":
        """With all that a page about them reads."""
        return self.select_related("asked_by", "decided_by").prefetch_related("concerns__member__user")


class Confirmation(Stateful):
    """Something that one person asked for (`kind`, number of the row, `reason`) and a second one has to confirm.

    Whoever it is about is told why, and has until `ready_at` to answer; once all of them agree it is ready at once.
    Second is who holds one of the offices of its kind, is not the first, and is not concerned; where there is nobody,
    one of the longest-standing members in good standing, by name (`seconds`).
    """

    class State(models.TextChoices):
        ASKED = "asked", gettext_lazy("waits for a second person")
        CONFIRMED = "confirmed", gettext_lazy("confirmed")
        DECLINED = "declined", gettext_lazy("not confirmed")
        WITHDRAWN = "withdrawn", gettext_lazy("withdrawn")

    kind = models.CharField(max_length=40)
    subject = models.BigIntegerField()
    state = models.CharField(max_length=20, choices=State.choices, default=State.ASKED)
    reason = WrittenLine(max_length=500)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = WrittenLine(max_length=500, blank=True)

    objects = ConfirmationQuerySet.as_manager()
    _said = ""

    class Meta:
        verbose_name = gettext_lazy("question to a second person")
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject"], name="an_act_is_asked_about_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="an_act_has_a_reason"),
            models.CheckConstraint(
                condition=Q(state="asked", decided_by=None, decided_at=None)
                | (~Q(state="asked") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="an_act_is_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "declined"]) | ~Q(decided_by=models.F("asked_by")),
                name="the_second_person_is_not_the_first",
            ),
        ]
        indexes = [models.Index(fields=["asked_at"], condition=Q(state="asked"), name="acts_that_wait")]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            only_words_go(
                *("what_was_decided_is_never_changed", "reason", "answer"),
                gone=GONE,
                condition=~pgtrigger.Q(old__state="asked"),
            ),
            pgtrigger.Protect(name="an_act_is_never_forgotten", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="nobody_decides_about_themselves",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=NOBODY_ABOUT_THEMSELVES,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    def get_absolute_url(self) -> str:
        return reverse("confirmation", args=[self.pk])

    @classmethod
    def ask(
        cls,
        kind: str,
        subject: int,
        *,
        reason: str,
        about: Iterable[Member],
        apart: Iterable[Member] = (),
        at: datetime,
        by: User,
    ) -> "Confirmation | None":
        """Let the act wait, and tell those whom it is `about`; those `apart` are not asked and do not decide either.

        Where the members voted the rule of two away, what is about nobody is carried out at once: then it is None.
        """
        about, apart = list(about), list(apart)
        if not (about or apart) and _needs_no_second(matters[kind], subject, at=at, by=by):
            matters[kind].carry_out(subject, at, by)
            return None
        hours = ANSWER_HOURS.on(timezone.localdate(at))
        asked = {member.pk: member for member in about if member.user_id != by.pk}
        with transaction.atomic():
            made = cls.objects.create(
                kind=kind,
                subject=subject,
                reason=reason,
                asked_by=by,
                asked_at=at,
                ready_at=at + timedelta(hours=hours) if asked else at,
            )
            for member in sorted({*asked.values(), *about, *apart}, key=lambda one: one.pk):
                Concern.objects.create(confirmation=made, member=member, is_asked=member.pk in asked)
            made.record_event("ask", at=at, by=by, note=reason)
            for member in asked.values():
                made.post("act_against_you", to=member.user, at=at)
            made.tell_seconds(at=at)
        return made

    @property
    def matter(self) -> Matter:
        return matters[self.kind]

    @property
    def said(self) -> str:
        """What it is about, in words."""
        return self._said or self.matter.say([self.subject])[self.subject]

    @property
    def link(self) -> str:
        """Where what it is about stands, for the office."""
        return self.matter.link(self.subject)

    @property
    def answers(self) -> list[Concern]:
        """Those who are asked what they say to it."""
        return [one for one in self.concerns.all() if one.is_asked]

    def is_ready(self, at: datetime) -> bool:
        """May it be confirmed by now: has everybody agreed, or had the time to answer?"""
        waits = any(one.said != Concern.Said.AGREES for one in self.answers)
        return at >= self.ready_at or not waits

    def is_free(self, user: User) -> bool:
        """Is this neither the one who asked, nor anybody whom it concerns?"""
        concerned = {one.member.user_id for one in self.concerns.all()}
        return user.pk != self.asked_by_id and user.pk not in concerned and not self.matter.touches(self.subject, user)

    def seconds(self, at: datetime) -> list[User]:
        """Who can be the second person: of the offices, else the longest-standing members who are not concerned."""
        if office := [one for one in Role.objects.holders(at, *self.matter.offices) if self.is_free(one)]:
            return office
        others = Member.objects.acting(timezone.localdate(at)).select_related("user").by_seniority()
        return [one.user for one in others if self.is_free(one.user)][:FEW]

    @transition(State.ASKED, to=None)
    def hear(self, concern: Concern, *, agrees: bool, words: str, at: datetime, by: User) -> None:
        """What somebody says to it whom it is about; they may say otherwise until it is decided."""
        if not agrees and not words.strip():
            raise Refusal(_("Say in a few words what is not right."), field="words")
        said = Concern.Said.AGREES if agrees else Concern.Said.OBJECTS
        self.concerns.filter(pk=concern.pk, is_asked=True).update(said=said, words=words.strip(), said_at=at)
        self.tell_seconds(at=at, answered=said)

    @transition(State.ASKED, to=State.CONFIRMED)
    def confirm(self, *, at: datetime, by: User) -> None:
        """The second person's yes: it is carried out."""
        self._insist_on_a_second(at, by)
        if not self.is_ready(at):
            raise Refusal(
                _("Whoever it is about can still answer. It can be confirmed once they agree or the time is over.")
            )
        self._decide(at, by)
        self.state = self.State.CONFIRMED
        self.save()
        self.matter.carry_out(self.subject, at, by)
        self._tell_everybody(at=at)

    @transition(State.ASKED, to=State.DECLINED)
    def decline(self, answer: str, *, at: datetime, by: User) -> None:
        """The second person's no, with a reason: nothing happens."""
        self._insist_on_a_second(at, by)
        self._decide(at, by, answer)
        self.matter.drop(self.subject, at, by)
        self._tell_everybody(at=at)

    @transition(State.ASKED, to=State.WITHDRAWN)
    def withdraw(self, *, at: datetime, by: User) -> None:
        """Whoever asked takes it back: nothing happens."""
        self._decide(at, by)
        self.matter.drop(self.subject, at, by)
        self._tell_everybody(at=at)

    def _insist_on_a_second(self, at: datetime, by: User) -> None:
        if by not in self.seconds(at):
            raise Refusal(_("Somebody else has to decide this: whoever asked, or whom it is about, does not."))

    def _decide(self, at: datetime, by: User, answer: str = "") -> None:
        self.decided_by, self.decided_at, self.answer = by, at, answer

    def tell_seconds(self, *, at: datetime, answered: str = "") -> None:
        """Who can be second hears that something waits; once, and again when it can be decided or was answered."""
        step = "ready" if self.is_ready(at) else answered or "asked"
        for person in self.seconds(at):
            self.post("second_person", to=person, at=at, step=f":{step}")

    def _tell_everybody(self, *, at: datetime) -> None:
        people = {self.asked_by, *(one.member.user for one in self.answers)} - {self.decided_by}
        for person in sorted(people, key=lambda one: one.pk):
            self.post("act_decided", to=person, at=at)

    def post(self, mail: str, *, to: User, at: datetime, step: str = "") -> None:
        """One message a person and step."""
        key = f"{mail}:{self.pk}:{to.pk}{step}"
        Notice.post(key, to=to, mail=mail, at=at, about={"confirmation": self, "decided": self.decided_by})


def _needs_no_second(matter: Matter, subject: int, *, at: datetime, by: User) -> bool:
    """Did the members vote the rule of two away, and is it neither about whoever asks nor always a matter of two?"""
    return not (matter.always_two or matter.touches(subject, by) or RULE_OF_TWO.on(timezone.localdate(at)))


def in_words(rows: Iterable[Confirmation]) -> list[Confirmation]:
    """The same, each knowing in words what it is about; one question a kind, however many there are."""
    found = list(rows)
    for kind in {one.kind for one in found}:
        alike = [one for one in found if one.kind == kind]
        words = matters[kind].say([one.subject for one in alike])
        for one in alike:
            one._said = words[one.subject]
    return found


def _stood_in_for(user: User, *, besides: list[str], at: datetime) -> list[int]:
    """What waits for this person because nobody of its offices can be second."""
    if not user.works:
        return []
    found = []
    acting = list(Role.objects.acting(at).values_list("kind", "member__user"))
    for one in Confirmation.objects.waiting().exclude(kind__in=besides).with_related():
        concerned = {concern.member.user_id for concern in one.concerns.all()}
        holders = {person for office, person in acting if office in matters[one.kind].offices}
        if not holders - concerned - {one.asked_by_id} and user in one.seconds(at):
            found.append(one.pk)
    return found
