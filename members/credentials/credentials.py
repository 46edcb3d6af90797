"""Certificates: what a member is allowed to do."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.errors import Refusal
from coop.models import Event
from coop.states import all_or_nothing
from coop.typed.fields import WrittenLine
from coop.typed.text import in_language
from members.credentials.credential_types import CredentialType
from members.notices.notices import Notice
from members.people.members import Member
from members.people.users import User

NAMES = ("name_en", "name_es")


class CredentialQuerySet(models.QuerySet["Credential"]):
    def valid(self, day: date) -> "CredentialQuerySet":
        """Those that hold on `day`; on its day of expiry a credential no longer does."""
        return self.filter(issued_on__lte=day).filter(models.Q(expires_on__isnull=True) | models.Q(expires_on__gt=day))

    def held(self, day: date) -> "CredentialQuerySet":
        """Those that hold, of people who belong to the co-op, whatever ends first before the others."""
        here = Member.objects.here(on=day)
        return self.valid(day).filter(member__in=here).order_by(models.F("expires_on").asc(nulls_last=True), "pk")

    def named(self) -> "CredentialQuerySet":
        """With what their kind is called, for lists."""
        kinds = CredentialType.objects.filter(code=models.OuterRef("kind"))
        return self.annotate(**{name: models.Subquery(kinds.values(name)) for name in NAMES})


class Credential(models.Model):
    """A certificate or check that some services need, for example `hha` for home care, which somebody has checked.

    Of those from before certificates were checked on a page, nobody is named who did.
    """

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="credentials")
    kind = models.CharField(gettext_lazy("kind"), max_length=20)
    number = WrittenLine(gettext_lazy("number"), max_length=40, blank=True)
    issued_on = models.DateField(gettext_lazy("issued"))
    expires_on = models.DateField(gettext_lazy("expires"), null=True)
    verified_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")

    objects = CredentialQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("certificate")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_on__isnull=True) | models.Q(expires_on__gte=models.F("issued_on")),
                name="a_credential_does_not_expire_before_it_is_issued",
            ),
            models.CheckConstraint(
                condition=models.Q(verified_by=None) | ~models.Q(verified_by=models.F("member")),
                name="nobody_verifies_their_own_credential",
            ),
        ]

    def __str__(self) -> str:
        return self.kind

    @property
    def name(self) -> str:
        """What it is called in the language of the reader. One query, or none of those that are `named`."""
        known = [vars(self)[name] for name in NAMES] if NAMES[0] in vars(self) else self._names()
        return in_language(*known) if all(known) else self.kind.upper()

    def _names(self) -> Sequence[str]:
        return CredentialType.objects.filter(code=self.kind).values_list(*NAMES).first() or ("", "")

    def is_about(self, user: User) -> bool:
        """Is it theirs?"""
        return self.member.user_id == user.pk

    def end(self, *, words: str, at: datetime, by: User) -> None:
        """It holds no more from today on, with the reason in `words`; its member is told."""
        with all_or_nothing(self):
            self.refresh_from_db(from_queryset=Credential.objects.select_for_update(of=("self",)))
            today = timezone.localdate(at)
            if self.is_about(by):
                raise Refusal(_("This is about yourself: somebody else has to do it."))
            if self.expires_on and self.expires_on <= today:
                raise Refusal(_("This certificate has ended already."))
            self.expires_on = today
            self.save(update_fields=["expires_on"])
            label = self._meta.label_lower
            Event.objects.create(kind=label, subject=self.pk, verb="end", actor=by, at=at, note=words)
            about = {"credential": self, "words": words}
            Notice.post(f"credential_ended:{self.pk}", to=self.member.user, mail="credential_ended", at=at, about=about)
