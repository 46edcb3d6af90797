"""The taps at the door: I'm here, and finished; when, from where, and what to look at. A flag never blocks anybody."""

import uuid as identifiers
from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.households.clients import Home
from bookings.onsite.tap_rules import Place, Point, Said, meters, middle
from bookings.policies import CLOCK_MINUTES, FAR_METERS, PLACE_DAYS
from bookings.promises import promises
from bookings.visits.shifts.shifts import Shift
from bookings.visits.visits import Visit
from coop.errors import Refusal
from coop.models import append_only
from coop.policies import values
from coop.typed.fields import WrittenLine
from members.models import Notice, User

SURE = 100
"""Within so many meters a phone must know where it was for us to learn from it where a home is."""
UNSAID = Said()
OUT_OF_THE_AREA = 10_000
"""So many meters from the middle of a ZIP code's area is outside it, wherever the home may be."""


class TapQuerySet(models.QuerySet["Tap"]):
    def unseen(self) -> "TapQuerySet":
        """What the office should look at: far, a wrong clock, far too short or long, or refused after it waited."""
        odd = models.Q(flags__overlap=[Tap.Flag.FAR, Tap.Flag.AREA, Tap.Flag.CLOCK])
        lost = models.Q(flags__contains=[Tap.Flag.WAITED]) & ~models.Q(refusal="")
        told = models.Q(flags__contains=[Tap.Flag.HAND], kind=Tap.Kind.FINISH, by=models.F("shift__member__user"))
        length = models.Q(flags__overlap=[Tap.Flag.EARLY, Tap.Flag.LONG], shift__done_at=models.F("at"))
        return self.filter(odd | lost | told | length, look__isnull=True).order_by("-received_at", "-pk")

    def refused_lately(self, user: User, *, at: datetime) -> "TapQuerySet":
        """What this person's phone sent late in the last days and our rules could not use."""
        lately = self.filter(by=user, received_at__gt=at - timedelta(days=3)).exclude(refusal="")
        return lately.filter(flags__contains=["waited"]).select_related("shift__zip").order_by("at", "pk")

    def with_related(self) -> "TapQuerySet":
        return self.select_related("by", "shift__zip", "shift__visit__booking__home__client__user", "place")


class Tap(models.Model):
    """One tap of a worker, kept once whatever the network did; written once. Or what somebody wrote in its place.

    `at` is when it was as far as we can tell, `device_at` what the phone's clock said, `received_at` when it came.
    `meters` is how far from the home it was, where both are known. `refusal` is what our rules said to it, if they did.
    Where `flags` has HAND, `by` wrote it afterwards, for a `reason`; what was tapped before stays beside it.
    """

    class Kind(models.TextChoices):
        START = "start", gettext_lazy("start")
        FINISH = "finish", gettext_lazy("finish")

    class Flag(models.TextChoices):
        FAR = "far", gettext_lazy("far from the home")
        AREA = "area", gettext_lazy("outside the area of the home")
        CLOCK = "clock", gettext_lazy("the phone's clock is off")
        WAITED = "waited", gettext_lazy("sent later, for want of network")
        EARLY = "early", gettext_lazy("far shorter than planned")
        LONG = "long", gettext_lazy("far longer than planned")
        HAND = "hand", gettext_lazy("written by hand")

    uuid = models.UUIDField()
    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="taps")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()
    device_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    meters = models.PositiveIntegerField(null=True)
    flags = ArrayField(models.CharField(max_length=10, choices=Flag.choices), default=list)
    refusal = models.CharField(max_length=300, blank=True)
    reason = WrittenLine(max_length=300, blank=True)

    objects = TapQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("start or finish")
        constraints = [models.UniqueConstraint(fields=["uuid"], name="a_tap_is_kept_once")]
        indexes = [models.Index(fields=["-received_at"], name="taps_by_time")]
        triggers = append_only("taps_are_never_changed")

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"

    @property
    def signs(self) -> list[str]:
        """What there is to notice, in words."""
        return [str(Tap.Flag(flag).label) for flag in self.flags]

    @classmethod
    def here(cls, shift: Shift, kind: str, *, at: datetime, by: User, said: Said = UNSAID) -> "Tap":
        """A tap without a script behind it, from we know not where. Refused where the rules say so.

        It is of now, unless it was `said` before that a question about it was answered.
        """
        with transaction.atomic():
            _verb(shift, kind)(at=at, by=by, moment=said.moment(at))
            return cls._keep(identifiers.uuid4(), shift, kind, said, at=at, by=by)

    @classmethod
    def deliver(cls, uuid: identifiers.UUID, *, shift: Shift, kind: str, said: Said, at: datetime, by: User) -> "Tap":
        """Take what a phone sends, exactly once: the same tap again is the one that is kept already.

        What our rules refuse, because the visit is not theirs any more or it was too early, is kept with their words.
        """
        with promises():
            shift.lock()
            known = cls.objects.filter(uuid=uuid, by=by).first()
            if known:
                return known
            refusal = _carry_out(shift, kind, at=at, by=by, moment=said.moment(at))
            return cls._keep(uuid, shift, kind, said, at=at, by=by, refusal=refusal)

    @classmethod
    def by_hand(
        cls, shift: Shift, *, started_at: datetime, done_at: datetime, reason: str, at: datetime, by: User
    ) -> None:
        """Somebody says from when until when its worker was there: the way out where a tap was forgotten.

        What was tapped stays. The household is told, and the worker where somebody else says it.
        """
        with promises():
            shift.lock()
            was = shift.started_at
            shift.close(started_at=started_at, done_at=done_at, at=at, by=by)
            for kind, moment in ((cls.Kind.START, started_at), (cls.Kind.FINISH, done_at)):
                if kind == cls.Kind.FINISH or moment != was:
                    cls._write(shift, kind, moment, reason=reason, at=at, by=by)
            _tell_by_hand(shift, reason=reason, at=at, by=by)
            assert shift.visit is not None
            shift.visit.settle(at=at, by=by)

    @classmethod
    def _write(cls, shift: Shift, kind: str, moment: datetime, *, reason: str, at: datetime, by: User) -> None:
        facts = {"at": moment, "received_at": at, "flags": [cls.Flag.HAND], "reason": reason}
        cls.objects.create(uuid=identifiers.uuid4(), shift=shift, kind=kind, by=by, **facts)

    @classmethod
    def _keep(
        cls,
        uuid: identifiers.UUID,
        shift: Shift,
        kind: str,
        said: Said,
        *,
        at: datetime,
        by: User,
        refusal: str = "",
    ) -> "Tap":
        distance, flags = _look(shift, said, at=at)
        if kind == cls.Kind.FINISH and not refusal and shift.done_at == said.moment(at):
            flags += filter(None, [shift.length(said.moment(at))])
        tap = cls.objects.create(
            uuid=uuid,
            shift=shift,
            by=by,
            kind=kind,
            at=said.moment(at),
            device_at=said.device_at,
            received_at=at,
            meters=distance,
            flags=flags,
            refusal=refusal[:300],
        )
        if said.place:
            TapPlace.keep(tap, said.place)
        return tap

    def look_at(self, *, at: datetime, by: User) -> None:
        """Somebody of the office has looked at this; twice is once."""
        TapLook.objects.get_or_create(tap=self, defaults={"at": at, "by": by})


class TapPlaceQuerySet(models.QuerySet["TapPlace"]):
    def old(self, at: datetime) -> "TapPlaceQuerySet":
        """Those that have been kept as long as the members agreed."""
        kept = timedelta(days=PLACE_DAYS.on(timezone.localdate(at)))
        return self.filter(tap__received_at__lt=at - kept)

    def point_of(self, home: Home, *, but: Visit) -> Point | None:
        """Where a home is, learned from at least two other visits; nobody looks up addresses for us."""
        sure = self.filter(tap__shift__visit__booking__home=home, accuracy__lte=SURE).exclude(tap__shift__visit=but)
        rows = sure.order_by("-tap__received_at").values_list("tap__shift__visit", "latitude", "longitude")[:20]
        if len({visit for visit, *_point in rows}) < 2:
            return None
        return middle([(latitude, longitude) for _visit, latitude, longitude in rows])


class TapPlace(models.Model):
    """Where a phone was at a tap, to about a meter, and only then. Deleted after a while (a policy)."""

    tap = models.OneToOneField(Tap, on_delete=models.PROTECT, related_name="place")
    latitude = models.FloatField()
    longitude = models.FloatField()
    accuracy = models.PositiveIntegerField()

    objects = TapPlaceQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.latitude}, {self.longitude}"

    @classmethod
    def keep(cls, tap: Tap, place: Place) -> None:
        latitude, longitude = round(place.latitude, 5), round(place.longitude, 5)
        cls.objects.create(tap=tap, latitude=latitude, longitude=longitude, accuracy=place.accuracy)


class TapLook(models.Model):
    """Who of the office has looked at a tap that was far, or refused; written once."""

    tap = models.OneToOneField(Tap, on_delete=models.PROTECT, related_name="look")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        triggers = append_only("looks_at_taps_are_never_changed")

    def __str__(self) -> str:
        return f"{self.tap_id}: {self.by_id}"


def _verb(shift: Shift, kind: str) -> Callable[..., None]:
    return shift.start if kind == Tap.Kind.START else shift.finish


def _tell_by_hand(shift: Shift, *, reason: str, at: datetime, by: User) -> None:
    """One message each; nobody is told what they wrote themselves, and whoever was forgotten has no address."""
    people = [shift.home.client.user, *([shift.member.user] if shift.member else [])]
    for person in people:
        if person != by and not person.erased_at:
            about = {"shift": shift, "visit": shift.visit, "writer": by.short_name, "reason": reason}
            Notice.post(f"times_written:{shift.pk}:{person.pk}", to=person, mail="times_written", at=at, about=about)


def _carry_out(shift: Shift, kind: str, *, at: datetime, by: User, moment: datetime) -> str:
    """Start or finish the shift as of that moment; what stands against it, in words, else nothing."""
    try:
        if not by.has_perm(f"bookings.{'start' if kind == Tap.Kind.START else 'finish'}_shift", shift):
            raise Refusal(_("This visit is not yours any more."))
        if not _is_done_already(shift, kind):
            _verb(shift, kind)(at=at, by=by, moment=moment)
    except Refusal as refusal:
        return str(refusal)
    return ""


def _is_done_already(shift: Shift, kind: str) -> bool:
    """Did they say so in another way since, perhaps on another phone?"""
    return shift.state == Shift.State.DONE or (kind == Tap.Kind.START and shift.state in Shift.BEGUN)


def _look(shift: Shift, said: Said, *, at: datetime) -> tuple[int | None, list[str]]:
    """How far from the home it was, if that can be told, and what is worth a look."""
    rules = values(timezone.localdate(at), (FAR_METERS, CLOCK_MINUTES))
    slack = timedelta(minutes=rules[CLOCK_MINUTES.key])
    distance, flags = _distance(shift, said.place, far=rules[FAR_METERS.key])
    if said.clock_is_off(at, by=slack):
        flags.append(Tap.Flag.CLOCK)
    if said.waited and said.waited > slack:
        flags.append(Tap.Flag.WAITED)
    return distance, flags


def _distance(shift: Shift, place: Place | None, *, far: int) -> tuple[int | None, list[str]]:
    """Far is what is far beyond doubt: the phone says how sure it is."""
    if place is None or shift.visit is None:
        return None, []
    there = TapPlace.objects.point_of(shift.home, but=shift.visit)
    if there:
        distance = place.meters_from(there)
        return distance, [Tap.Flag.FAR] if distance - place.accuracy > far else []
    off = meters(place.point, (shift.zip.latitude, shift.zip.longitude)) - place.accuracy
    return None, [Tap.Flag.AREA] if off > OUT_OF_THE_AREA else []
