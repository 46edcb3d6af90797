"""The one-time address with which a co-op is set up, before anybody can sign in."""

import secrets
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from coop.errors import Refusal
from members.people.members import Member
from members.people.users import User

BYTES = 24


class SetupKey(models.Model):
    """The key of one such address, kept as its digest only. Dead once used, once an owner exists, and when a newer
    one was made.
    """

    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(used_at__isnull=True, used_by__isnull=True)
                | models.Q(used_at__isnull=False, used_by__isnull=False),
                name="a_used_setup_key_names_who_used_it",
            )
        ]

    def __str__(self) -> str:
        return self.digest[:8]

    @classmethod
    @transaction.atomic
    def make(cls, *, at: datetime) -> str:
        """A new address, shown this once; earlier ones open nothing any more. Refused once there is an owner."""
        if Member.objects.owners().exists():
            raise Refusal(_("This co-op is set up. Whoever belongs to it signs in."))
        cls.objects.filter(used_at=None).delete()
        key = secrets.token_urlsafe(BYTES)
        cls.objects.create(digest=digest_of(key), made_at=at)
        return f"{settings.BASE_URL}{reverse('found_coop', args=[key])}"

    @classmethod
    def find(cls, key: str) -> "SetupKey | None":
        """The row of a key that was typed or clicked, used or not."""
        return cls.objects.select_related("used_by").filter(digest=digest_of(key)).first()

    def claim(self, *, at: datetime, by: User) -> None:
        """Use it up, in the transaction of what is done with it. Of two at once the second is refused."""
        used = SetupKey.objects.filter(pk=self.pk, used_at=None).update(used_at=at, used_by=by)
        if not used or Member.objects.owners().exists():
            raise Refusal(_("Somebody has just set up this co-op. Ask them to invite you."))


def digest_of(key: str) -> str:
    """What is kept of a key: enough to know it again, nothing to open a door with."""
    return sha256(key.encode()).hexdigest()
