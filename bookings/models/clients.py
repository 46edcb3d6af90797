"""Who books, and the homes we come to."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from coop.models import ZipCode
from coop.sealed import SealedRow, SealedTextField
from members.models import User


class Client(models.Model):
    """A household that books. The account is made at the end of the first booking and signs in by a code."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="client")
    phone = PhoneNumberField(_("phone"), blank=True)
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("client")

    def __str__(self) -> str:
        return str(self.user)

    def call_at(self, phone: str) -> None:
        """Reach the household under this number from now on."""
        self.phone = phone
        self.save(update_fields=["phone"])


class HomeQuerySet(models.QuerySet["Home"]):
    def of(self, user: User) -> "HomeQuerySet":
        return self.filter(client__user=user)


class Home(SealedRow):
    """A place that we come to. The getting-in note is encrypted and each showing of it is written down."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="homes")
    street = models.CharField(_("street and number"), max_length=120)
    apartment = models.CharField(_("apartment"), max_length=40, blank=True)
    zip = models.ForeignKey(ZipCode, on_delete=models.PROTECT, related_name="+")
    access_note = SealedTextField(_("getting in"), blank=True, default="")

    objects = HomeQuerySet.as_manager()

    class Meta:
        verbose_name = _("home")
        constraints = [
            models.UniqueConstraint(fields=["client", "street", "apartment", "zip"], name="a_client_has_a_home_once")
        ]

    def __str__(self) -> str:
        return f"{self.street}, {self.apartment}" if self.apartment else self.street

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zip.zone)


class AreaRequest(models.Model):
    """Somebody whose area is not served yet and who would like to be told when it is."""

    email = models.EmailField(_("e-mail"))
    zip = models.CharField(_("ZIP code"), max_length=5)
    language = models.CharField(max_length=5)
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["email", "zip"], name="one_asks_for_an_area_once")]

    def __str__(self) -> str:
        return f"{self.zip}: {self.email}"

    @classmethod
    def ask(cls, *, email: str, zip_code: str, language: str, at: datetime) -> None:
        """Remember the wish; asking twice is asking once."""
        cls.objects.get_or_create(email=email.lower(), zip=zip_code, defaults={"language": language, "asked_at": at})
