"""What every part of an offer's life shares: its fields, its secret address, and how it is locked."""

from base64 import urlsafe_b64encode

from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy

from bookings.states import OfferState
from bookings.visits.shifts.shifts import Shift
from coop.states import Stateful
from members.models import Member


class OfferBase(Stateful):
    """A shift put to the member whose turn it is, until `answer_by`, for the time `starts_at`.

    Who said no to one time may be asked for another.
    `counts` tells whether a pass counts half towards the turn; a pass for safety or missing details does not.
    """

    State = OfferState

    class Why(models.TextChoices):
        TIME = "time", gettext_lazy("The time does not suit me")
        FAR = "far", gettext_lazy("It is too far")
        SAFETY = "safety", gettext_lazy("I do not feel safe there")
        DETAILS = "details", gettext_lazy("Important details are missing")
        OTHER = "other", gettext_lazy("Another reason")

    COSTLESS = (Why.SAFETY, Why.DETAILS)

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="offers")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="offers")
    turn = models.OneToOneField("bookings.Turn", on_delete=models.PROTECT, related_name="offer")
    state = models.CharField(max_length=20, choices=State.choices, default=State.MADE)
    starts_at = models.DateTimeField()
    made_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=20, choices=Why.choices, blank=True)
    counts = models.BooleanField(default=True)
    undo_until = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.shift_id} → {self.member_id}"

    @property
    def answer_key(self) -> str:
        """The secret end (96 bits) of the address at which this offer can be answered without signing in."""
        secret = salted_hmac("bookings.offer", str(self.pk), algorithm="sha256").digest()
        return f"{self.pk}-{urlsafe_b64encode(secret[:12]).decode()}"

    def lock(self) -> None:
        """Booking, visit, shift, then offer, as everywhere; in one query."""
        whole = type(self)._base_manager.select_related(*(f"shift__{path}" for path in Shift.WHOLE), "member__user")
        self.refresh_from_db(
            from_queryset=whole.filter(shift__visit__booking__gt=0).select_for_update(
                of=("shift__visit__booking", "shift__visit", "shift", "self")
            )
        )
