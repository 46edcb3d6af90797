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
    def name(self) -> str:
        return name_of(self.ready)

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


class BesideField(forms.MultipleChoiceField):
    """Which extras can be had with a service; one that has come onto the list meanwhile is no fault, and is left."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value: Any) -> bool:
        return super().valid_value(value) or any(value == one.code for one in EXTRAS)


class ReadyMadeForm(forms.Form):
    """The fields of the service `deep` are make_deep, rate_deep, fixed_deep, with_deep; of the extra `oven` price-oven.

    An extra is made when it is ticked beside a service, and can be had with those beside which it is ticked; also
    beside one that is on the list, where the extra is not. Prices begin as the templates have them, or at the least
    that pays the floor of today where that is more. What is on the list is left as it is, asked for once more or not.
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
        self._ask_for_prices()
        self._ask_what_goes_with_what()

    def _ask_for_prices(self) -> None:
        for service in self.services:
            rate = max(service.cents_per_hour, self.least_rate(service, service.fixed_cents))
            name = {"name": name_of(service)}
            make = forms.BooleanField(label=name_of(service), label_suffix="", required=False)
            self.fields[f"make_{service.code}"] = make
            self.fields[f"rate_{service.code}"] = _dollars(_("%(name)s: dollars for an hour of work") % name, rate)
            label = _("%(name)s: dollars for each visit on top") % name
            self.fields[f"fixed_{service.code}"] = _dollars(label, service.fixed_cents)
        for extra in self.extras:
            price = max(extra.cents, self.least_extra(extra))
            self.fields[f"price-{extra.code}"] = _dollars(_("%(name)s: dollars") % {"name": name_of(extra)}, price)

    def _ask_what_goes_with_what(self) -> None:
        """New services can be had with all that their templates name; those on the list with what is not on it yet."""
        had, new = set(Service.objects.standing().values_list("code", flat=True)), {one.code for one in self.extras}
        known = {one.code: str(one) for one in AddOn.objects.standing()}
        self.standing = [one for one in SERVICES if one not in self.services and one.code in had]
        for service in [*self.services, *self.standing]:
            open_ = new if service in self.standing else new | set(known)
            found = [one for one in EXTRAS if one.code in open_ and one.code in service.extras]
            choices = [(one.code, known.get(one.code, name_of(one))) for one in found]
            if choices:
                label = _("%(name)s: extras that can be had with it") % {"name": name_of(service)}
                self.fields[f"with_{service.code}"] = BesideField(label=label, choices=choices, required=False)

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
        self._refuse_extras_alone()
        for extra in self.chosen_extras:
            least = self.least_extra(extra)
            if self.wanted(f"price-{extra.code}") < least and f"price-{extra.code}" not in self.errors:
                told = _("That would pay less than our pay floor. %(least)s would do.")
                self.add_error(f"price-{extra.code}", told % {"least": dollars(least)})
        if not self._asked_for:
            self.add_error(None, _("Tick at least one."))
        return self.cleaned_data

    def _refuse_extras_alone(self) -> None:
        for service in self.services:
            if self.typed.get(f"with_{service.code}") and service not in self.chosen:
                self.add_error(f"with_{service.code}", _("Tick the service, too, or leave out its extras."))

    @property
    def _asked_for(self) -> bool:
        """Is anything ticked, be it on the list by now?"""
        return any(f"{part}_{one.code}" in self.data for part in ("make", "with") for one in SERVICES)

    @property
    def chosen(self) -> dict[ReadyService, Tariff]:
        """The services that are ticked, with their prices."""
        return {one: self.tariff(one) for one in self.services if self.typed.get(f"make_{one.code}")}

    @property
    def beside(self) -> dict[str, list[str]]:
        """The codes of the extras that are ticked beside each service that is chosen or on the list, by its code."""
        return {one.code: self.typed.get(f"with_{one.code}") or [] for one in [*self.chosen, *self.standing]}

    @property
    def chosen_extras(self) -> dict[ReadyExtra, int]:
        """The extras that are ticked beside a service and not on the list yet, with their cents."""
        ticked = {code for codes in self.beside.values() for code in codes}
        return {one: self.wanted(f"price-{one.code}") for one in self.extras if one.code in ticked}

    def service_lines(self) -> Iterator[Line]:
        for ready in self.services:
            tariff, draft = self.tariff(ready), ready.draft()
            found = samples(draft, tariff, on=self.today)
            pays = [sample.pay_an_hour for sample in found]
            names = [f"{part}_{ready.code}" for part in ("make", "rate", "fixed", "with")]
            fields = [self[name] for name in names if name in self.fields]
            least = self.least_rate(ready, tariff.fixed_cents)
            yield Line(ready, draft, fields, (min(pays), max(pays)), least, all(one.is_enough for one in found))

    def standing_fields(self) -> list[forms.BoundField]:
        """The ticks beside what is on the list, where there is an extra that is not."""
        names = [f"with_{one.code}" for one in self.standing]
        return [self[name] for name in names if name in self.fields]

    def extra_lines(self) -> Iterator[Line]:
        for ready in self.extras:
            cents, least = self.wanted(f"price-{ready.code}"), self.least_extra(ready)
            pay = extra_pay(ready.minutes, cents, rules=self.rules)
            yield Line(ready, None, [self[f"price-{ready.code}"]], (pay, pay), least, cents >= least)


def name_of(ready: Named) -> str:
    """What it is called in the language of the page."""
    return in_language(ready.name_en, ready.name_es)


def _dollars(label: str, cents: int) -> DollarField:
    return DollarField(most=1000, label=label, initial=cents)
