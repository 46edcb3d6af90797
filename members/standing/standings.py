"""What somebody was, is and will be to the co-op, day by day: rows that are never changed."""

from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _

from coop.typed.fields import WrittenLine
from members.standing.decisions import in_words
from members.standing.meaning import MemberState

if TYPE_CHECKING:
    from members.people.users import User

ONCE_GONE = """
PERFORM 1 FROM members_member m WHERE m.id = NEW.member_id FOR NO KEY UPDATE;
IF 'former' = (
    SELECT s.state FROM members_stretch s WHERE s.member_id = NEW.member_id ORDER BY s.days DESC LIMIT 1) THEN
  RAISE EXCEPTION 'nobody_leaves_twice' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
NO_OFFICE_AFTERWARDS = """
IF EXISTS (SELECT FROM members_role r WHERE r.member_id = NEW.member_id AND r.ended_at IS NULL
           AND (r.ends_on IS NULL OR r.ends_on >= NEW.starts_on)
           AND (r.leaves_on IS NULL OR r.leaves_on > NEW.starts_on)) THEN
  RAISE EXCEPTION 'whoever_leaves_holds_no_office' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
BEFORE_ITS_DAY = """
IF NOT EXISTS (SELECT FROM members_standing s WHERE s.id = NEW.takes_back_id AND s.member_id = NEW.member_id
               AND s.state = NEW.state AND s.starts_on = NEW.starts_on AND s.takes_back_id IS NULL
               AND s.starts_on >= NEW.decided_at::date) THEN
  RAISE EXCEPTION 'only_what_has_not_begun_is_taken_back' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
ONLY_WORDS_GO = """
IF NEW.decision <> '' OR (to_jsonb(NEW) - 'decision') IS DISTINCT FROM (to_jsonb(OLD) - 'decision') THEN
  RAISE EXCEPTION 'a_standing_is_never_changed' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class StandingQuerySet(models.QuerySet["Standing"]):
    def valid(self) -> "StandingQuerySet":
        """Those that say something and that nobody took back, in their order."""
        return self.filter(takes_back=None, taken_back_by=None).order_by("starts_on", "pk")

    def ahead(self, day: date) -> "StandingQuerySet":
        """What is decided for the time after a day."""
        return self.valid().filter(starts_on__gt=day)


class Standing(models.Model):
    """From `starts_on` on a member is in `state`, until a later row says otherwise; `decision` says by what.

    Or, with `takes_back`, that the row it names, of the same state and day, was taken back before that day. Only
    the words of a decision can be emptied, when somebody is forgotten.
    """

    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="standings")
    state = models.CharField(max_length=20, choices=MemberState.choices)
    starts_on = models.DateField()
    decided_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decision = WrittenLine(max_length=500, blank=True)
    takes_back = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="taken_back_by")

    objects = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing")
        indexes = [models.Index(fields=["member", "-starts_on", "-id"], name="standing_by_day")]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="a_standing_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="a_standing_is_never_changed",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=ONLY_WORDS_GO,
            ),
            pgtrigger.Trigger(
                name="nobody_leaves_twice",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__state="former", new__takes_back__isnull=True),
                func=ONCE_GONE,
            ),
            pgtrigger.Trigger(
                name="whoever_leaves_holds_no_office",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__state="former", new__takes_back__isnull=True),
                func=NO_OFFICE_AFTERWARDS,
            ),
            pgtrigger.Trigger(
                name="only_what_has_not_begun_is_taken_back",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__takes_back__isnull=False),
                func=BEFORE_ITS_DAY,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}: {self.starts_on}"

    @property
    def decided(self) -> str:
        """Its decision, as the reader says it."""
        return in_words(self.decision)

    def is_about(self, user: "User") -> bool:
        """Is it this person's own?"""
        owner: int = self.member.user_id
        return owner == user.pk

    def take_back(self, *, at: datetime, by: "User | None", note: str = "") -> None:
        """What is planned does not come about; refused from its day on. What hung on it is as before, if still free."""
        self.member.undo(self, at=at, by=by, note=note)


class StretchQuerySet(models.QuerySet["Stretch"]):
    def on(self, day: "date | models.F | models.expressions.Combinable") -> "StretchQuerySet":
        """Those that hold on a day: one a member, or none before anything was decided."""
        return self.filter(days__contains=day)


class Stretch(models.Model):
    """The days on which a standing holds, until the next one: a view, worked out by the database from the rows.

    The last standing by day and number holds; those that were taken back never did.
    """

    member = models.ForeignKey("members.Member", on_delete=models.DO_NOTHING, related_name="stretches")
    state = models.CharField(max_length=20, choices=MemberState.choices)
    days = DateRangeField()

    objects = StretchQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "members_stretch"

    def __str__(self) -> str:
        return f"{self.state}: {self.days}"
