"""Agreements with whoever works here, and their versions: what is in force from which day."""

from datetime import date, datetime
from typing import Any, ClassVar

import pgtrigger
from dateutil.relativedelta import relativedelta
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from coop.errors import Refusal
from coop.in_turn import wait_for_turn
from coop.models import Event, append_only
from coop.typed.fields import WrittenLine, WrittenText
from coop.typed.text import in_language, new_code
from members.people.members import Member
from members.people.users import User

KEEPERS = ("board", "membership")
"""The offices that write agreements, and see who has not accepted them yet."""
MOST_LETTERS = 60_000
PAY_NOTICE = "pay-notice"
"""The code of the notice of pay, of which there is a new version at each change of pay."""


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def asked(self) -> "AgreementQuerySet":
        """Those that are to be accepted, the oldest first."""
        return self.filter(ended_at=None).order_by("pk")


class Agreement(models.Model):
    """Something that everybody who works here accepts, as the member agreement; what it says is in its versions.

    `code` never changes. From `ended_at` on nobody is asked for it any more.
    """

    code = models.SlugField(max_length=20, unique=True)
    name_en = WrittenLine(max_length=60)
    name_es = WrittenLine(max_length=60)
    ended_at = models.DateTimeField(null=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("agreement")

    def __str__(self) -> str:
        return in_language(self.name_en, self.name_es)

    def get_absolute_url(self) -> str:
        return reverse("agreement", args=[self.code])

    @classmethod
    @transaction.atomic
    def add(cls, *, name_en: str, name_es: str, at: datetime, by: User) -> "Agreement":
        """Name something to be accepted; it is asked for from the first day of its first version on.

        Refused if it is there already under these names.
        """
        wait_for_turn("members.agreement")
        if cls.objects.filter(name_en__iexact=name_en, name_es__iexact=name_es).exists():
            raise Refusal(_("That is on the list already."), field="name_en")
        taken = set(cls.objects.values_list("code", flat=True))
        made = cls.objects.create(code=new_code(name_en, taken), name_en=name_en, name_es=name_es)
        made._log("add", at=at, by=by)
        return made

    @transaction.atomic
    def end(self, *, at: datetime, by: User) -> None:
        """Ask nobody for it any more; what was accepted stays readable."""
        if not Agreement.objects.filter(pk=self.pk, ended_at=None).update(ended_at=at):
            raise Refusal(_("Nobody is asked for this any more already."))
        self._log("end", at=at, by=by)

    @transaction.atomic
    def take_up(self, *, at: datetime, by: User) -> None:
        """Ask for it again."""
        if not Agreement.objects.filter(pk=self.pk, ended_at__isnull=False).update(ended_at=None):
            raise Refusal(_("Everybody is asked for this already."))
        self._log("take_up", at=at, by=by)

    def insist_on_day(self, day: date, *, today: date) -> None:
        """Refuse a day from which no version of it can hold: one that is over, too far ahead, or has one."""
        if day < today:
            raise Refusal(_("That day is over."), field="starts_on")
        if day > today + relativedelta(years=1):
            raise Refusal(_("Choose a day within a year."), field="starts_on")
        if self.versions.standing().filter(starts_on=day).exists():
            raise Refusal(_("There is a version for that day already. Choose another day."), field="starts_on")

    def _log(self, verb: str, *, at: datetime, by: User) -> None:
        Event.objects.create(kind=self._meta.label_lower, subject=self.pk, verb=verb, actor=by, at=at)


class AgreementVersionQuerySet(models.QuerySet["AgreementVersion"]):
    def light(self) -> "AgreementVersionQuerySet":
        """Without the texts, with all that a list reads."""
        return self.defer("text_en", "text_es").select_related("agreement", "made_by__user")

    def standing(self) -> "AgreementVersionQuerySet":
        """Those that were not taken back."""
        return self.filter(taken_back_on=None)

    def latest_first(self) -> "AgreementVersionQuerySet":
        return self.order_by("-starts_on", "-pk")

    def in_force(self, day: date) -> "AgreementVersionQuerySet":
        """Of each agreement that is asked for, the one version that holds on a day."""
        standing = AgreementVersion.objects.standing()
        begun = standing.filter(agreement=models.OuterRef("agreement"), starts_on__lte=day)
        holds = models.Subquery(begun.latest_first().values("pk")[:1])
        return self.filter(agreement__ended_at=None, pk=holds).order_by("agreement")

    def coming(self, day: date) -> "AgreementVersionQuerySet":
        """Those that will hold from a later day on, the nearest first."""
        return self.standing().filter(agreement__ended_at=None, starts_on__gt=day).order_by("starts_on", "pk")

    def to_accept(self, member: Member, day: date) -> "AgreementVersionQuerySet":
        """What holds on a day and this member has not accepted: until they do, nobody asks them for work."""
        return self.in_force(day).exclude(acceptances__member=member)

    def to_read(self, member: Member, day: date) -> "AgreementVersionQuerySet":
        """The same, and what will hold later and can be accepted before."""
        either = Q(pk__in=self.in_force(day).values("pk")) | Q(pk__in=self.coming(day).values("pk"))
        return self.filter(either).exclude(acceptances__member=member).order_by("starts_on", "pk")


class AgreementVersion(models.Model):
    """What an agreement says from `starts_on` on, until a later version does; written once, in both languages.

    There is one a day. `changed_en` and `changed_es` say in a sentence what is new. Taken back before its day, it never
    holds.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="versions")
    starts_on = models.DateField()
    text_en = WrittenText(max_length=MOST_LETTERS)
    text_es = WrittenText(max_length=MOST_LETTERS)
    changed_en = WrittenLine(max_length=300, blank=True)
    changed_es = WrittenLine(max_length=300, blank=True)
    made_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    taken_back_on = models.DateField(null=True)
    taken_back_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")

    objects = AgreementVersionQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("version of an agreement")
        constraints = [
            models.CheckConstraint(
                condition=~Q(text_en="") & ~Q(text_es=""), name="an_agreement_speaks_both_languages"
            ),
            models.UniqueConstraint(
                fields=["agreement", "starts_on"],
                condition=Q(taken_back_on=None),
                name="an_agreement_has_one_version_a_day",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_on=None, taken_back_by=None)
                | Q(
                    taken_back_on__isnull=False,
                    taken_back_by__isnull=False,
                    taken_back_on__lt=models.F("starts_on"),
                ),
                name="a_version_is_taken_back_by_somebody_before_its_day",
            ),
        ]
        indexes = [models.Index(fields=["agreement", "-starts_on", "-id"], name="agreements_by_day")]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.ReadOnly(name="what_was_agreed_is_never_rewritten", exclude=["taken_back_on", "taken_back_by"]),
            pgtrigger.Protect(
                name="what_was_taken_back_stays_so",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__taken_back_on__isnull=False),
            ),
            pgtrigger.Protect(name="what_was_agreed_is_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return str(self.agreement)

    def get_absolute_url(self) -> str:
        return reverse("agreement_version", args=[self.pk])

    def text(self, language: str | None = None) -> str:
        """What it says in a language; without one, in that of the page."""
        return self.text_es if (language or get_language() or "en").startswith("es") else self.text_en

    @property
    def changed(self) -> str:
        """What is new, in the language of the page."""
        return in_language(self.changed_en, self.changed_es or self.changed_en)

    @property
    def has_begun(self) -> bool:
        return self.starts_on <= timezone.localdate()

    @classmethod
    @transaction.atomic
    def write(cls, agreement: Agreement, *, at: datetime, by: User, **said: Any) -> "AgreementVersion":
        """Write what holds from the day `starts_on` on; everybody who works here accepts it anew.

        Refused for a day that is over, more than a year ahead or that has its version, and, but for the first, without
        a sentence about what is new.
        """
        assert by.membership
        agreement.refresh_from_db(from_queryset=Agreement.objects.select_for_update())
        if agreement.ended_at:
            raise Refusal(_("Nobody is asked for this any more. Ask for it again before you write."))
        agreement.insist_on_day(said["starts_on"], today=timezone.localdate(at))
        if agreement.versions.standing().exists() and not said.get("changed_en"):
            raise Refusal(_("Say in a sentence what is new."), field="changed_en")
        made = cls.objects.create(agreement=agreement, made_by=by.membership, made_at=at, **said)
        made._log("write", at=at, by=by)
        return made

    @transaction.atomic
    def take_back(self, *, at: datetime, by: User) -> None:
        """It will not hold: nobody is asked for it any more. Refused from its day on, and twice.

        Who has accepted it keeps that; what held before goes on.
        """
        assert by.membership
        Agreement.objects.select_for_update().get(pk=self.agreement_id)
        today = timezone.localdate(at)
        if self.starts_on <= today:
            raise Refusal(_("It holds already. Write a newer version in its place."))
        gone = {"taken_back_on": today, "taken_back_by": by.membership}
        if not AgreementVersion.objects.standing().filter(pk=self.pk).update(**gone):
            raise Refusal(_("It was taken back already."))
        self._log("take_back", at=at, by=by)

    def _log(self, verb: str, *, at: datetime, by: User) -> None:
        kind, note = self._meta.label_lower, f"{self.agreement.code}, {self.starts_on}"
        Event.objects.create(kind=kind, subject=self.pk, verb=verb, actor=by, at=at, note=note)

    def replaced_by(self, day: date) -> "AgreementVersion | None":
        """The later version that holds on a day in place of this one, if there is one."""
        later = AgreementVersion.objects.standing().light().filter(agreement=self.agreement_id)
        return later.filter(starts_on__gt=self.starts_on).filter(starts_on__lte=day).latest_first().first()

    def accept(self, *, language: str, at: datetime, by: User) -> None:
        """Somebody who works here has read it in this language and accepts it. Twice is once.

        Refused once a later version holds in its place, and of one that was taken back.
        """
        assert by.membership
        if not AgreementVersion.objects.standing().filter(pk=self.pk).exists():
            raise Refusal(_("It was taken back, and will not hold."))
        if newer := self.replaced_by(timezone.localdate(at)):
            about = {"day": date_format(newer.starts_on)}
            raise Refusal(_("Since %(day)s a newer version holds in place of this one. Please read that.") % about)
        Acceptance.objects.get_or_create(
            version=self, member=by.membership, defaults={"language": language[:2], "accepted_at": at}
        )


class Acceptance(models.Model):
    """A member accepted a version, in the language in which they read it; never changed, never deleted."""

    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="acceptances")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="acceptances")
    language = models.CharField(max_length=5)
    accepted_at = models.DateTimeField()

    class Meta:
        verbose_name = gettext_lazy("acceptance")
        constraints = [models.UniqueConstraint(fields=["version", "member"], name="a_version_is_accepted_once")]
        triggers = append_only("an_acceptance_is_never_changed")

    def __str__(self) -> str:
        return f"{self.member_id}: {self.version_id}"

    @property
    def text(self) -> str:
        """What they read."""
        return self.version.text(self.language)
