"""What a household says about its home, so that the right person comes and knows what to bring."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from members.models import Animal

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class Supplies(models.TextChoices):
    """Who brings what the work needs. What we bring stands in the price list, under these codes."""

    OURS = "ours", _("We have our own products and vacuum")
    PRODUCTS = "products", _("Please bring products; we have a vacuum")
    ALL = "all", _("Please bring products and a vacuum")

    @property
    def extras(self) -> tuple[str, ...]:
        """The codes of the extras that this stands for."""
        return {"ours": (), "products": ("products",), "all": ("products", "vacuum")}[self.value]


BROUGHT = frozenset(Supplies.ALL.extras)
"""Extras that are chosen by saying who brings what, and not one by one."""


class AboutTheHome(models.Model):
    """Pets, supplies, and the language that whoever comes should speak (a code; empty when any will do)."""

    pets = ArrayField(models.CharField(max_length=10, choices=Animal.choices), verbose_name=_("pets"), default=list)
    supplies = models.CharField(_("supplies"), max_length=10, choices=Supplies.choices, default=Supplies.OURS)
    spoken = models.CharField(_("language of who comes"), max_length=5, choices=settings.LANGUAGES, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pets__contained_by=list(Animal.values)), name="pets_of_a_%(class)s_are_known_animals"
            ),
            models.CheckConstraint(
                condition=models.Q(supplies__in=Supplies.values), name="supplies_of_a_%(class)s_are_brought_by_somebody"
            ),
        ]

    def describe(self, *, pets: Iterable[str], supplies: str, spoken: str) -> list[str]:
        """Say how it is from now on; not saved yet. The names of the fields that changed."""
        said = {"pets": sorted(set(pets)), "supplies": supplies, "spoken": spoken}
        changed = [name for name, value in said.items() if getattr(self, name) != value]
        for name in changed:
            setattr(self, name, said[name])
        return changed

    def about(self) -> list[str]:
        """What whoever comes should know of the home, a line each."""
        animals = [str(Animal(code).label) for code in self.pets]
        return [
            *([gettext("Pets: %s") % ", ".join(animals)] if animals else []),
            *([gettext("Wanted: somebody who speaks %s") % language_name(self.spoken)] if self.spoken else []),
        ]


def language_name(code: str) -> str:
    """A language in its own words, as on the page where one chooses: English, Español."""
    return str(get_language_info(code)["name_local"]).capitalize()


def languages(any_one: "str | StrPromise") -> "list[tuple[str, str | StrPromise]]":
    """The languages to choose from, `any_one` (words) first."""
    return [("", any_one), *((code, language_name(code)) for code, _name in settings.LANGUAGES)]
