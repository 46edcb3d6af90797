"""The offices that members hold for a term."""

from datetime import date, datetime
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import IntegrityError, models, transaction
from django.db.models import Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coop.errors import Refusal
from coop.models import Event
from coop.typed.fields import WrittenLine
from members.people.members import Member
from members.people.users import User
from members.standing.decisions import in_words
from members.standing.meaning import HOLDING

HOLDING_SQL = f"({', '.join(repr(str(state)) for state in HOLDING)})"
TERM = """daterange(NEW.starts_on, least(
  NEW.ends_on + 1, CASE WHEN NEW.leaves_on IS NOT NULL THEN greatest(NEW.leaves_on, NEW.starts_on) END))"""
IN_GOOD_STANDING = f"""
IF NEW.ended_at IS NULL AND NOT isempty({TERM}) THEN
  PERFORM 1 FROM members_member m WHERE m.id = NEW.member_id FOR SHARE;
  IF NOT EXISTS (SELECT FROM members_stretch s WHERE s.member_id = NEW.member_id
                 AND s.days && {TERM} AND s.state IN {HOLDING_SQL})
     OR EXISTS (SELECT FROM members_stretch s WHERE s.member_id = NEW.member_id
                AND s.days && {TERM} AND s.state = 'former') THEN
    RAISE EXCEPTION 'an_office_needs_good_standing' USING ERRCODE = 'check_violation';
  END IF;
END IF;
RETURN NEW;
"""  # noqa: S608 - our own words


class RoleQuerySet(models.QuerySet["Role"]):
    def held(self, at: datetime) -> "RoleQuerySet":
        """The terms that run at this moment, of members in good standing; also of those on leave, who only read."""
        day = timezone.localdate(at)
        begun = self.filter(starts_on__lte=day, member__in=Member.objects.in_state(*HOLDING, on=day))
        return begun.exclude(ended_at__lte=at).exclude(ends_on__lt=day).exclude(leaves_on__lte=day)

    def acting(self, at: datetime) -> "RoleQuerySet":
        """Those of members who are here: whoever is on leave or suspended is told nothing and decides nothing."""
        return self.held(at).filter(member__in=Member.objects.acting(timezone.localdate(at)))

    def running(self, at: datetime) -> "RoleQuerySet":
        """The terms that run, and those that are yet to begin."""
        day = timezone.localdate(at)
        return self.exclude(ended_at__lte=at).exclude(ends_on__lt=day).exclude(leaves_on__lte=day)

    def over(self, at: datetime) -> "RoleQuerySet":
        """The terms that are over, the latest first."""
        return self.exclude(pk__in=self.running(at)).order_by("-starts_on", "-pk")

    def holders(self, at: datetime, *kinds: str) -> list[User]:
        """Who acts in one of these roles, each once."""
        held = self.acting(at).filter(kind__in=kinds).select_related("member__user").order_by("member")
        return list({role.member_id: role.member.user for role in held}.values())

    def leave(self, day: date) -> None:
        """The membership ends on `day`, and these terms with it, unless that is taken back.

        Those that ended with a membership of before stay as they are.
        """
        self.filter(ended_at=None).exclude(ends_on__lt=day).exclude(leaves_on__lt=day).update(leaves_on=day)

    def stay(self, today: date) -> None:
        """Notice was taken back: they run on as they would have. Refused where one was given again meanwhile."""
        try:
            with transaction.atomic():
                self.filter(ended_at=None, leaves_on__gt=today).update(leaves_on=None)
        except IntegrityError as twice:
            raise Refusal(_("An office was given to them again since then. End one of the two first.")) from twice


class DateRange(Func):
    """The days from one to another."""

    function = "DATERANGE"
    output_field = DateRangeField()


class Role(models.Model):
    """An office that a member holds for a term: from a day to a day, unless it is ended at a moment before.

    From `leaves_on` on it is over because the membership is.
    `decision` says by what they hold it, in words.
    """

    class Kind(models.TextChoices):
        COORDINATOR = "coordinator", _("coordinator")
        TREASURER = "treasurer", _("treasurer")
        MEMBERSHIP = "membership", _("membership")
        SAFETY = "safety", _("safety")
        MENTOR = "mentor", _("mentor")
        BOARD = "board", _("board")
        ELECTIONS = "elections", _("elections")

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="terms")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    leaves_on = models.DateField(null=True)
    decision = WrittenLine(max_length=200, blank=True)

    objects = RoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="a_term_ends_after_it_starts",
            ),
            ExclusionConstraint(
                name="nobody_holds_an_office_twice_at_once",
                expressions=[
                    ("member", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on", RangeBoundary(inclusive_upper=True)), RangeOperators.OVERLAPS),
                ],
                condition=Q(ended_at=None, leaves_on=None),
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Trigger(
                name="an_office_needs_good_standing",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=IN_GOOD_STANDING,
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    def leaves_empty(self, *, at: datetime) -> bool:
        """Would nobody act in an office that a co-op cannot be without, once this member does not?

        Whoever is about to leave the co-op does not count.
        """
        others = Role.objects.acting(at).filter(kind=self.kind, leaves_on=None).exclude(member=self.member_id)
        return self.kind in NEVER_EMPTY and not others.exists()

    @property
    def decided(self) -> str:
        """Its decision, as the reader says it."""
        return in_words(self.decision)

    @transaction.atomic
    def end(self, *, at: datetime, by: User | None, note: str) -> None:
        """End the term at this moment, by a decision or with the membership; `note` names which."""
        if not Role.objects.filter(pk=self.pk, ended_at=None).update(ended_at=at):
            raise Refusal(_("This term is over already."))
        self.ended_at = at
        label = self._meta.label_lower
        Event.objects.create(kind=label, subject=self.pk, verb="end", actor=by, at=at, note=note)


NEVER_EMPTY = (Role.Kind.COORDINATOR, Role.Kind.TREASURER, Role.Kind.MEMBERSHIP)
"""Without these a co-op stands still, so whoever leaves one empty is told so before."""
