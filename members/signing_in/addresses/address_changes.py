"""A new e-mail address for an account: the new one is proven first, and the old one is told and may stop it."""

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core import signing
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.contact import or_reach_us
from coop.errors import Refusal
from coop.typed.fields import StoredEmailField, spelled_one_way
from members.people.users import User

STOP = "members.stop_address"
"""The salt of the address by which whoever reads the old mail stops a change."""
STOPS_FOR = timedelta(days=7)
MOST_TRIES = 20


class AddressChangeQuerySet(models.QuerySet["AddressChange"]):
    def to_tell(self) -> "AddressChangeQuerySet":
        """Those of which the old address has not been told yet."""
        return self.filter(told_at=None, tries__lt=MOST_TRIES).exclude(was="").order_by("pk")

    def over(self, at: datetime) -> "AddressChangeQuerySet":
        """Those that nobody can stop any more, and that still know an address."""
        return self.filter(at__lte=at - STOPS_FOR).exclude(was="", becomes="")

    def by_token(self, token: str) -> "AddressChange | None":
        """The one that this part of an address stands for."""
        try:
            return self.select_related("user").filter(pk=signing.loads(token, salt=STOP)).first()
        except signing.BadSignature:
            return None


class AddressChange(models.Model):
    """Somebody's address was one and is another since `at`. The old one is forgotten once it cannot be stopped."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    was = StoredEmailField(blank=True)
    becomes = StoredEmailField(blank=True)
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    stopped_at = models.DateTimeField(null=True)

    objects = AddressChangeQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("change of an address")
        constraints = [
            spelled_one_way("an_address_that_was_is_spelled_one_way", field="was"),
            spelled_one_way("a_new_address_is_spelled_one_way", field="becomes"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.at:%Y-%m-%d}"

    @classmethod
    @transaction.atomic
    def make(cls, user: User, becomes: str, *, at: datetime) -> "AddressChange":
        """From now on this is their address: they have just shown that they read its mail."""
        locked = user.locked()
        was = locked.email
        locked.change_address(becomes, at=at, by=user)
        return cls.objects.create(user=locked, was=was, becomes=becomes, at=at)

    @property
    def stop_link(self) -> str:
        """The whole address where it is stopped; it stands in the mail to the old address and nowhere else."""
        return f"{settings.BASE_URL}{reverse('stop_address_change', args=[signing.dumps(self.pk, salt=STOP)])}"

    def can_be_stopped(self, at: datetime) -> bool:
        """Within a week, as long as the account is there and has that address."""
        is_theirs = self.user.is_active and self.user.email == self.becomes != ""
        return bool(self.was) and self.stopped_at is None and at - self.at < STOPS_FOR and is_theirs

    @transaction.atomic
    def stop(self, *, at: datetime) -> None:
        """It was not them: the old address is theirs again, every session ends, and keys made since then go."""
        user = self.user.locked()
        self.user = user
        if not self.can_be_stopped(at):
            raise Refusal(_("This can no longer be stopped here.") + or_reach_us())
        user.change_address(self.was, at=at, by=None)
        Authenticator.objects.filter(user=user, created_at__gte=self.at).delete()
        user.end_sessions()
        AddressChange.objects.filter(pk=self.pk).update(stopped_at=at)
