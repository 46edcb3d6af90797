"""Certificates: what a member is allowed to do."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from members.people.members import Member


class CredentialQuerySet(models.QuerySet["Credential"]):
    def valid(self, day: date) -> "CredentialQuerySet":
        """Those that hold on `day`; on its day of expiry a credential no longer does."""
        return self.filter(issued_on__lte=day).filter(models.Q(expires_on__isnull=True) | models.Q(expires_on__gt=day))


class Credential(models.Model):
    """A certificate or check that some services need, for example `hha` for home care."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="credentials")
    kind = models.CharField(_("kind"), max_length=20)
    number = models.CharField(_("number"), max_length=40, blank=True)
    issued_on = models.DateField(_("issued"))
    expires_on = models.DateField(_("expires"), null=True)
    verified_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")

    objects = CredentialQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_on__isnull=True) | models.Q(expires_on__gt=models.F("issued_on")),
                name="a_credential_expires_after_it_is_issued",
            )
        ]

    def __str__(self) -> str:
        return self.kind
