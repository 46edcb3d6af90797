"""A client invites a neighbour: after the newcomer's first visit both have some credit."""

from datetime import datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import F, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bookings.households.claims import HouseOf
from bookings.models import Booking, Client, Home, Visit
from coop.policies import values
from payouts.ledger.ledger import Account, Entry, Move
from payouts.policies import MOST_REFERRALS, REFERRAL_CENTS

A_YEAR = timedelta(days=365)
_signer = Signer(salt="invitation")


def invitation_of(client: Client) -> str:
    """The last part of the address by which a client invites."""
    return _signer.sign(str(client.pk))


def inviter(word: str) -> Client | None:
    """Whose invitation this is, if it is one."""
    try:
        return Client.objects.filter(pk=int(_signer.unsign(word))).first()
    except (BadSignature, ValueError):
        return None


class Referral(models.Model):
    """`referrer` invited `newcomer`, and each gets `cents` of credit once the first visit is done.

    `cents` is fixed by the rules of the day of the first booking. The money comes from running the co-op.
    """

    newcomer = models.OneToOneField(Client, on_delete=models.PROTECT, related_name="+")
    referrer = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="referrals")
    cents = models.PositiveIntegerField()
    promised_at = models.DateTimeField()
    rewarded_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("invitation")
        constraints = [models.CheckConstraint(condition=~Q(newcomer=F("referrer")), name="nobody_invites_themselves")]

    def __str__(self) -> str:
        return f"{self.referrer_id} → {self.newcomer_id}"

    @classmethod
    def promise(cls, booking: Booking, *, at: datetime) -> None:
        """Remember who invited a newcomer, when this is their first booking and the home is new to us.

        A client can be rewarded for so many newcomers a year (a rule), so that nobody makes a living of it.
        """
        referrer, newcomer = booking.quote.referrer if booking.quote else None, booking.client
        rules = values(timezone.localdate(at), (REFERRAL_CENTS, MOST_REFERRALS))
        if referrer is None or not rules[REFERRAL_CENTS.key]:
            return
        if referrer.includes(newcomer.user) or referrer.user.email == newcomer.user.claimed_email != "":
            return
        lately = cls.objects.filter(referrer=referrer, promised_at__gt=at - A_YEAR).count()
        if lately < rules[MOST_REFERRALS.key] and _is_new(booking):
            cls.objects.get_or_create(
                newcomer=newcomer,
                defaults={"referrer": referrer, "cents": rules[REFERRAL_CENTS.key], "promised_at": at},
            )

    @classmethod
    def reward(cls, visit: Visit, *, at: datetime) -> None:
        """The newcomer's first visit is done: credit for both. Twice is once.

        Whoever has not shown yet that the address is theirs may be somebody we know; they have it with a later visit.
        """
        newcomer = visit.booking.client
        found = cls.objects.select_for_update().filter(newcomer=newcomer, rewarded_at=None).first()
        if found is None or newcomer.is_claimed:
            return
        operations = Account.fund(Account.Kind.OPERATIONS)
        both = (found.newcomer_id, found.referrer_id)
        Entry.post(
            key=f"referral:{found.pk}",
            kind=Entry.Kind.REFERRAL,
            effective_on=visit.day,
            at=at,
            moves=[Move(operations, Account.credit(client), found.cents) for client in both],
        )
        found.rewarded_at = at
        found.save(update_fields=["rewarded_at"])


def _is_new(booking: Booking) -> bool:
    """Never confirmed a booking before, at a home where nobody else is our client."""
    client, home = booking.client, booking.home
    before = Booking.objects.filter(home__client=client, confirmed_at__isnull=False).exclude(pk=booking.pk)
    near = Home.objects.filter(zip=home.zip_id, apartment__iexact=home.apartment)
    here = near.alias(house=HouseOf("street")).filter(house=HouseOf(Value(home.street)))
    return not before.exists() and not here.exclude(client=client).exists()
