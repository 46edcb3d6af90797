"""What has served and is forgotten: getting-in notes after the last visit, households that nobody proved."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models.functions import Coalesce

from bookings.households.claims import FORGOTTEN
from bookings.households.clients import Client, Home
from bookings.states import VisitState
from bookings.visits.bookings import Booking

NOTE_KEPT = timedelta(hours=24)
NOTE_KEPT_OF_SERIES = timedelta(days=7)
"""How long a getting-in note is kept after the last visit of what was booked; of a series."""


def homes_with_old_notes(at: datetime) -> models.QuerySet[Home]:
    """Those whose getting-in note has served: nothing is booked any more, and the last visit was a while ago.

    A note that was told after that visit waits for the next one.
    """
    booked = Booking.objects.filter(home=models.OuterRef("pk"))
    in_series = models.Exists(booked.filter(series__isnull=False))
    kept = models.Case(
        models.When(in_series, then=models.Value(at - NOTE_KEPT_OF_SERIES)), default=models.Value(at - NOTE_KEPT)
    )
    over = Home.objects.exclude(access_note="").exclude(models.Exists(booked.going()))
    ends = "bookings__visits__ends_at"
    took_place = models.Max(ends, filter=~models.Q(bookings__visits__state=VisitState.CANCELLED))
    served = over.annotate(last=Coalesce(took_place, models.Max(ends))).filter(last__lt=kept)
    return served.filter(models.Q(note_told_at=None) | models.Q(note_told_at__lt=models.F("last")))


def abandoned_claims(at: datetime) -> models.QuerySet[Client]:
    """Those that proved nothing in two weeks, to which nobody comes or came, and that no office brought along."""
    booked = Booking.objects.filter(home__client=models.OuterRef("pk"))
    counts = booked.filter(models.Q(state=Booking.State.ENDED) | models.Q(visits__fee_cents__gt=0))
    old = Client.objects.exclude(user__claimed_email="").filter(since__lt=at - FORGOTTEN, imported_at=None)
    return old.exclude(models.Exists(booked.going())).exclude(models.Exists(counts))
