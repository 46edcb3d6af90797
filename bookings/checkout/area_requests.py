"""Whoever would like us to come to their area, and is told once we do."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bookings.matching.deadlines import is_night
from coop.models import ZipCode
from coop.typed.fields import StoredEmailField, spelled_one_way
from members.notices import letters

MOST_TRIES = 8


class AreaRequestQuerySet(models.QuerySet["AreaRequest"]):
    def to_tell(self, day: date) -> "AreaRequestQuerySet":
        """Those to whose area we come on a day, the oldest first."""
        served = ZipCode.objects.served(day).values("code")
        return self.filter(zip__in=served, tries__lt=MOST_TRIES).order_by("pk")


class AreaRequest(models.Model):
    """Somebody whose area is not served yet and who would like to be told when it is. Forgotten once they were told."""

    email = StoredEmailField(_("e-mail"))
    zip = models.CharField(_("ZIP code"), max_length=5)
    language = models.CharField(max_length=5)
    asked_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)

    objects = AreaRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["email", "zip"], name="one_asks_for_an_area_once"),
            spelled_one_way("an_address_of_a_wish_is_spelled_one_way"),
        ]

    def __str__(self) -> str:
        return f"{self.zip}: {self.email}"

    @classmethod
    def ask(cls, *, email: str, zip: str, language: str, at: datetime) -> None:
        """Remember the wish; asking twice is asking once."""
        cls.objects.get_or_create(email=email, zip=zip, defaults={"language": language, "asked_at": at})

    def tell(self, *, at: datetime) -> None:
        """Write that we come there now, and forget the wish; not at night. Raises Away and Later."""
        if is_night(at, ZoneInfo(ZipCode.objects.get(pk=self.zip).zone)):
            return
        AreaRequest.objects.filter(pk=self.pk).update(tries=models.F("tries") + 1)
        about = {"zip": self.zip, "link": f"{settings.BASE_URL}{reverse('quote', query={'zip': self.zip})}"}
        letters.write("area_open", to=self.email, language=self.language, about=about)
        self.delete()
