"""Where members receive their pay: their own accounts at Stripe."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.models import Member
from payouts.stripe import finding, gateway, names
from payouts.stripe.webhooks import follows

AGAIN = timedelta(hours=1)


class PayeeAccountQuerySet(models.QuerySet["PayeeAccount"]):
    def to_look_at(self, at: datetime) -> "PayeeAccountQuerySet":
        """Those that cannot receive yet and were not asked about for an hour."""
        stale = models.Q(checked_at__isnull=True) | models.Q(checked_at__lte=at - AGAIN)
        return self.filter(stale, account__isnull=False, transfers_active=False)


class PayeeAccount(models.Model):
    """A member's account at Stripe. `transfers_active` is what Stripe last said, as of `checked_at`."""

    member = models.OneToOneField(Member, on_delete=models.PROTECT, related_name="payee_account")
    account = models.CharField(max_length=60, unique=True, null=True)  # noqa: DJ001  (null until Stripe has named it)
    transfers_active = models.BooleanField(default=False)
    filled_in = models.BooleanField(default=False)
    checked_at = models.DateTimeField(null=True)

    objects = PayeeAccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("bank details")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(transfers_active=False) | models.Q(account__isnull=False),
                name="only_an_account_receives_transfers",
            )
        ]

    def __str__(self) -> str:
        return str(_("ready") if self.transfers_active else _("no bank account yet"))

    @classmethod
    def of(cls, member: Member) -> "PayeeAccount":
        """The member's account: the one that is at Stripe under this name, else opened the first time."""
        payee, _is_new = cls.objects.get_or_create(member=member)
        if payee.account is None:
            name = payee._name()
            found = finding.find_account(since=member.user.joined_at, named=name)
            payee.account = found or gateway.create_account(email=member.user.email, name=name)
            payee.save(update_fields=["account"])
        return payee

    def _name(self) -> names.Name:
        """Whose account it is at Stripe. Who came after a restore may have a lost member's number."""
        since = names.digest_of([self.member.user.joined_at.isoformat()])
        return names.name("payee", member=self.member_id, since=since)

    def link(self) -> str:
        """A fresh address of the hosted page for bank details: good for one use, for a few minutes."""
        return gateway.onboarding_link(
            self.account or "",
            back_to=settings.BASE_URL + reverse("onboarding_done"),
            again_at=settings.BASE_URL + reverse("earnings"),
        )

    def look(self, *, at: datetime) -> None:
        """Ask Stripe how far the account is; once it can receive, pay that was waiting for it is due."""
        if self.account is None:
            return
        found = gateway.onboarding(self.account)
        with transaction.atomic():
            PayeeAccount.objects.select_for_update().get(pk=self.pk)
            self.transfers_active, self.filled_in, self.checked_at = found.ready, found.filled_in, at
            self.save(update_fields=["transfers_active", "filled_in", "checked_at"])
            if found.ready:
                self.member.payouts.without_account().wake(at=at)


@follows("account.updated")
def _look_at_account(account: str, at: datetime) -> None:
    for payee in PayeeAccount.objects.filter(account=account):
        payee.look(at=at)
