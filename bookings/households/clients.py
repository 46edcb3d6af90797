"""Who books, and the homes we come to."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from bookings.households.claims import Claimed, ClaimedQuerySet
from bookings.households.housemates import HouseholdMember
from bookings.households.preferences import AboutTheHome
from coop.encrypted_fields import SealedRow, SealedTextField
from coop.errors import Refusal
from coop.models import Event, ZipCode
from coop.typed.fields import WrittenLine
from coop.typed.text import Isolated
from members.models import User


class ClientQuerySet(ClaimedQuerySet):
    def of(self, user: User) -> "ClientQuerySet":
        """Whom this person may act for: their own household, and those that they belong to.

        The one definition: every page, rule and list about a client's things goes through it. It asks at once whose
        they are: with numbers, and not a question inside another, a million visits are not looked through for few.
        """
        own = Client.objects.filter(user=user).order_by().values_list("pk")
        shared = HouseholdMember.objects.joined().filter(user=user).order_by().values_list("client")
        return self.filter(pk__in=[pk for (pk,) in own.union(shared, all=True)])

    def about(self, user: User) -> "ClientQuerySet":
        """Their own and those booked with their address: about these they do not decide, and read no report."""
        claiming = Client.objects.claiming(user).order_by().values("pk")
        return self.filter(models.Q(pk__in=Client.objects.of(user).values("pk")) | models.Q(pk__in=claiming))

    def own_first(self, user: User, *, home: models.Q | None = None) -> "ClientQuerySet":
        """In the order in which somebody books for them: the one with this home, then one's own, then others."""
        there = models.Count("homes", filter=home) if home else models.Value(0)
        mine = models.Case(models.When(user=user, then=0), default=1)
        ordered: ClientQuerySet = self.alias(there=there).order_by("-there", mine, "pk")
        return ordered


class Client(Claimed):
    """A household that books, signs in by a code, or is called; or (`Claimed`) one that only says who it is.

    `imported_at`: when the office brought it along from before, in a table; it is kept, whether proven or not.
    `forgotten_as`: marks of whoever asked to be forgotten (`forgotten.marks`).
    """

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="client")
    phone = PhoneNumberField(_("phone"), blank=True)
    since = models.DateTimeField()
    imported_at = models.DateTimeField(null=True)
    forgotten_as = ArrayField(models.CharField(max_length=32), default=list)

    objects = ClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("client")

    def __str__(self) -> str:
        return str(self.user)

    @classmethod
    @transaction.atomic
    def by_phone(cls, *, name: str, phone: str, email: str, language: str, at: datetime, by: User) -> "Client":
        """A household that called; without an e-mail address they sign in by that number."""
        user = User.objects.create_user(email, name, language=language)
        client = cls.objects.create(user=user, phone=phone, since=at)
        Event.objects.create(kind=cls._meta.label_lower, subject=client.pk, verb="by_phone", actor=by, at=at)
        return client

    def includes(self, user: object) -> bool:
        """Does this person belong to the household, as its client or with them?"""
        if not isinstance(user, User):
            return False
        return self.user_id == user.pk or Client.objects.of(user).filter(pk=self.pk).exists()

    def is_about(self, user: User) -> bool:
        """Is it this person's household, or booked with their address? Asked once for all rows of a page."""
        if "households" not in user.__dict__:
            user.__dict__["households"] = frozenset(Client.objects.about(user).values_list("pk", flat=True))
        return self.pk in user.__dict__["households"]

    def concerned(self) -> models.QuerySet[User]:
        """Whose household it is, and (`is_about`) whoever has the address that it was booked with."""
        joined = self.people.joined().values("user")
        theirs = models.Q(pk=self.user_id) | models.Q(pk__in=joined)
        if self.user.claimed_email:
            theirs |= models.Q(email=self.user.claimed_email)
        return User.objects.filter(theirs)

    def told(self, *, booker: str) -> list[User]:
        """Who hears of a booking: the client, and whoever of the household booked it (by their address)."""
        if booker in ("", self.user.email):
            return [self.user]
        joined = self.people.joined().filter(user__email=booker).select_related("user")
        return [self.user, *(one.user for one in joined)]

    def call_at(self, phone: str) -> None:
        """Reach the household under this number from now on."""
        self.phone = phone
        self.save(update_fields=["phone"])


class HomeQuerySet(models.QuerySet["Home"]):
    def of(self, user: User) -> "HomeQuerySet":
        """Those at which this person lives, and which nobody has taken off the list."""
        return self.filter(client__in=Client.objects.of(user), removed_at=None)

    def with_related(self) -> "HomeQuerySet":
        return self.select_related("zip", "client__user").order_by("pk")


class Home(AboutTheHome, SealedRow):
    """A place that we come to, and what to know about it.

    The getting-in note is encrypted and each showing of it is written down.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="homes")
    street = WrittenLine(_("street and number"), max_length=120)
    apartment = WrittenLine(_("apartment"), max_length=40, blank=True)
    zip = models.ForeignKey(ZipCode, on_delete=models.PROTECT, related_name="+")
    access_note = SealedTextField(_("getting in"), blank=True, default="")
    note_told_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    objects = HomeQuerySet.as_manager()

    class Meta:
        verbose_name = _("home")
        constraints = [
            *AboutTheHome.Meta.constraints,
            models.UniqueConstraint(fields=["client", "street", "apartment", "zip"], name="a_client_has_a_home_once"),
        ]

    def __str__(self) -> str:
        return Isolated(f"{self.street}, {self.apartment}" if self.apartment else self.street)

    def get_absolute_url(self) -> str:
        return reverse("change_home", args=[self.pk])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zip.zone)

    @classmethod
    def at(cls, client: Client, *, street: str, apartment: str, zip: ZipCode) -> "Home":
        """The client's home at this address, new or known; one that was taken off the list is back on it."""
        known = cls.objects.select_for_update(of=("self",), no_key=True)
        home, _is_new = known.get_or_create(client=client, street=street, apartment=apartment, zip=zip)
        home.put_back()
        return home

    def move_in(self, household: Client, *, keep: bool, at: datetime) -> None:
        """This home is one of `household`'s: on its list, or the same as one there, which (`keep`) is told anew."""
        same = {"street": self.street, "apartment": self.apartment, "zip": self.zip_id}
        theirs = Home.objects.filter(client=household, **same).first()
        if theirs is None:
            self.client = household
            self.save(update_fields=["client"])
            return
        self.bookings.update(home=theirs)
        theirs.put_back()
        if keep:
            theirs.keep_description(pets=self.pets, supplies=self.supplies, spoken=self.spoken)
        if keep and self.access_note:
            theirs.keep_note(self.access_note.open(), at=at)
        self.forget(at=at)

    def readdress(self, *, street: str, apartment: str) -> None:
        """Put the address right, within its ZIP code."""
        same = Home.objects.filter(client=self.client_id, street=street, apartment=apartment, zip=self.zip_id)
        if same.exclude(pk=self.pk).exists():
            raise Refusal(_("You have this home on your list already."), field="street")
        self.street, self.apartment = street, apartment
        self.save(update_fields=["street", "apartment"])

    def keep_description(self, *, pets: Iterable[str], supplies: str, spoken: str) -> None:
        """Say from now on how it is there."""
        self.save(update_fields=self.describe(pets=pets, supplies=supplies, spoken=spoken))

    def keep_note(self, note: str, *, at: datetime | None = None) -> None:
        """Tell from now on how to get in; an empty note takes it away."""
        self.access_note, self.note_told_at = note.strip(), at
        self.save(update_fields=["access_note", "note_told_at"])

    def forget(self, *, at: datetime) -> None:
        """Leave no trace of where it is but its area; the visits that were there stay."""
        self.street, self.apartment, self.removed_at = f"#{self.pk}", "", at
        described = self.describe(pets=[], supplies="ours", spoken="")
        self.save(update_fields=["street", "apartment", "removed_at", *described])
        self.keep_note("")

    def show_note(self, *, at: datetime, by: User) -> str:
        """The getting-in note for whoever lives here; that it was seen is written down, as for everybody."""
        self.views.create(user=by, at=at)
        return str(self.access_note.open())

    def put_back(self) -> None:
        """It is on the household's list, also if it was taken off it once."""
        if self.removed_at:
            self.removed_at = None
            self.save(update_fields=["removed_at"])

    def remove(self, *, at: datetime) -> None:
        """Take the home off the list, with its getting-in note. Refused while something is booked there."""
        with transaction.atomic():
            Home.objects.select_for_update(of=("self",), no_key=True).get(pk=self.pk)
            if self.bookings.going().exists():
                raise Refusal(_("Something is booked there. Cancel it first, or wait until it is over."))
            self.removed_at = at
            self.save(update_fields=["removed_at"])
            self.keep_note("")
