"""Which templates become the co-op's own, and at what price; beside each, what that price pays an hour."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from bookings.catalog.extras import AddOn
from bookings.catalog.price_pages.price_examples import extra_pay, samples
from bookings.catalog.price_pages.price_forms import DollarField
from bookings.catalog.price_rules import PriceRules
from bookings.catalog.pricing import Tariff, least_extra
from bookings.catalog.ready_made.making import is_there, on_the_list
from bookings.catalog.ready_made.templates import EXTRAS, SERVICES, Named, ReadyExtra, ReadyService
from bookings.catalog.services import Service
from coop.money import dollars
from coop.typed.text import in_language


@dataclass(frozen=True)
class Line:
    """One template as the page shows it; `pays` are the least and the most cents an hour, `least` what would do."""

    ready: Named
    draft: Service | None
    fields: list[forms.BoundField]
    pays: tuple[int, int]
    least: int
    is_enough: bool

    @property
    def other_name(self) -> str:
        """The name in the language that the page is not in."""
        return in_language(self.ready.name_es, self.ready.name_en)

    @property
    def skill(self) -> str:
        """What whoever comes can do."""
        return name_of(self.ready.skill) if isinstance(self.ready, ReadyService) else ""

    @property
    def credential(self) -> str:
        """The certificate that they hold; empty for none."""
        needed = self.ready.credential if isinstance(self.ready, ReadyService) else None
        return name_of(needed) if needed else ""

    @property
    def extras(self) -> str:
        """The names of what can be had with it."""
        codes = self.ready.extras if isinstance(self.ready, ReadyService) else ()
        return ", ".join(name_of(one) for one in EXTRAS if one.code in codes)


class ReadyMadeForm(forms.Form):
    """The fields of the service `deep` are make_deep, rate_deep, fixed_deep; of the extra `oven` make-oven, price-oven.

    Prices begin as the templates have them, or at the least that pays the floor of today where that is more. What is
    on the list already has no fields; asked for once more, it is left as it is.
    """

    def __init__(self, data: Any, *, today: date) -> None:
        super().__init__(data)
        self.rules, self.care_rules, self.today = PriceRules.on(today), PriceRules.on(today, care=True), today
        self.typed: dict[str, Any] = {}
        known, known_extras = on_the_list(Service), on_the_list(AddOn)
        self.services = [one for one in SERVICES if not is_there(one, known)]
        self.extras = [one for one in EXTRAS if not is_there(one, known_extras)]
        self.there = [name_of(one) for one in SERVICES if one not in self.services]
        self.there_extras = [name_of(one) for one in EXTRAS if one not in self.extras]
        for service in self.services:
            rate = max(service.cents_per_hour, self.least_rate(service, service.fixed_cents))
            name = self._ask(f"make_{service.code}", service)
            self.fields[f"rate_{service.code}"] = _dollars(_("%(name)s: dollars for an hour of work") % name, rate)
            label = _("%(name)s: dollars for each visit on top") % name
            self.fields[f"fixed_{service.code}"] = _dollars(label, service.fixed_cents)
        for extra in self.extras:
            name = self._ask(f"make-{extra.code}", extra)
            price = max(extra.cents, self.least_extra(extra))
            self.fields[f"price-{extra.code}"] = _dollars(_("%(name)s: dollars") % name, price)

    def _ask(self, field: str, ready: Named) -> dict[str, str]:
        self.fields[field] = forms.BooleanField(label=name_of(ready), label_suffix="", required=False)
        return {"name": name_of(ready)}

    def least_rate(self, ready: ReadyService, fixed: int) -> int:
        """The least cents an hour that pay the floor, beside so many cents for each visit."""
        draft = ready.draft()
        rules = self.care_rules if draft.is_care else self.rules
        return draft.least_rate(fixed_cents=fixed, rules=rules, takes=ready.takes)

    def least_extra(self, ready: ReadyExtra) -> int:
        return least_extra(ready.minutes, floor=self.rules.floor, shares=self.rules.shares)

    def wanted(self, name: str) -> int:
        """Cents as they were typed; not understood, as the form began."""
        typed: int | None = self.typed.get(name)
        begun: int = self.fields[name].initial
        return begun if typed is None else typed

    def tariff(self, ready: ReadyService) -> Tariff:
        return Tariff(self.wanted(f"rate_{ready.code}"), self.wanted(f"fixed_{ready.code}"), ready.takes)

    def clean(self) -> dict[str, Any]:
        self.typed = dict(self.cleaned_data)
        for service in self.chosen:
            tariff = self.tariff(service)
            least = self.least_rate(service, tariff.fixed_cents)
            if tariff.cents_per_hour < least and f"rate_{service.code}" not in self.errors:
                told = _("That would pay less than our pay floor. %(least)s an hour would do.")
                self.add_error(f"rate_{service.code}", told % {"least": dollars(least)})
        for extra in self.chosen_extras:
            least = self.least_extra(extra)
            if self.wanted(f"price-{extra.code}") < least and f"price-{extra.code}" not in self.errors:
                told = _("That would pay less than our pay floor. %(least)s would do.")
                self.add_error(f"price-{extra.code}", told % {"least": dollars(least)})
        if not self._asked_for:
            self.add_error(None, _("Tick at least one."))
        return self.cleaned_data

    @property
    def _asked_for(self) -> bool:
        """Is anything ticked, be it on the list by now?"""
        ticks = [f"make_{one.code}" for one in SERVICES] + [f"make-{one.code}" for one in EXTRAS]
        return any(tick in self.data for tick in ticks)

    @property
    def chosen(self) -> dict[ReadyService, Tariff]:
        """The services that are ticked, with their prices."""
        return {one: self.tariff(one) for one in self.services if self.typed.get(f"make_{one.code}")}

    @property
    def chosen_extras(self) -> dict[ReadyExtra, int]:
        """The extras that are ticked, with their cents."""
        ticked = (one for one in self.extras if self.typed.get(f"make-{one.code}"))
        return {one: self.wanted(f"price-{one.code}") for one in ticked}

    def service_lines(self) -> Iterator[Line]:
        for ready in self.services:
            tariff, draft = self.tariff(ready), ready.draft()
            found = samples(draft, tariff, on=self.today)
            pays = [sample.pay_an_hour for sample in found]
            fields = [self[f"{part}_{ready.code}"] for part in ("make", "rate", "fixed")]
            least = self.least_rate(ready, tariff.fixed_cents)
            yield Line(ready, draft, fields, (min(pays), max(pays)), least, all(one.is_enough for one in found))

    def extra_lines(self) -> Iterator[Line]:
        for ready in self.extras:
            cents, least = self.wanted(f"price-{ready.code}"), self.least_extra(ready)
            pay = extra_pay(ready.minutes, cents, rules=self.rules)
            fields = [self[f"{part}-{ready.code}"] for part in ("make", "price")]
            yield Line(ready, None, fields, (pay, pay), least, cents >= least)


def name_of(ready: Named) -> str:
    """What it is called in the language of the page."""
    return in_language(ready.name_en, ready.name_es)


def _dollars(label: str, cents: int) -> DollarField:
    return DollarField(most=1000, label=label, initial=cents)
