"""Step 1 of booking: what, where, and what it costs."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookings.catalog.areas import not_served
from bookings.catalog.extras import AddOn
from bookings.catalog.prices import AddOnPrice
from bookings.catalog.pricing import Price
from bookings.catalog.services import HOURS, MOST_BATHROOMS, MOST_BEDROOMS, Service
from bookings.checkout.area_requests import AreaRequest
from bookings.checkout.extras_field import ExtrasField
from bookings.form_fields import Tiles, spoken
from bookings.households.clients import Client, Home
from bookings.households.preference_forms import AboutHomeForm
from bookings.households.preferences import BROUGHT, Supplies
from bookings.policies import HORIZON_DAYS
from bookings.series.choices import rhythms
from bookings.visits.quotes import Every, Quote
from coop.models import ZipCode
from coop.money import dollars
from coop.templatetags.coop import hours
from coop.typed.fields import EmailField, ZipField


class ServiceTiles(Tiles):
    """Services as tiles. Each says what it is measured in, so that only the questions that fit it are shown."""

    by_the_hour: frozenset[str] = frozenset()

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["data-by"] = "hours" if str(value) in self.by_the_hour else "rooms"
        option["attrs"].pop("class", None)
        return option


class EveryField(forms.TypedChoiceField):
    """How often; whoever does not say wants one visit."""

    def clean(self, value: Any) -> Any:
        return super().clean(value or str(Every.ONCE.value))


class QuoteForm(AboutHomeForm):
    """Step 1: what and where. With `complete=False` only a price is asked for, so the ZIP code may be missing."""

    service = forms.ChoiceField(
        label=gettext_lazy("Kind of visit"),
        widget=ServiceTiles,
        error_messages={"invalid_choice": gettext_lazy("We do not offer this any more. Please choose again.")},
    )
    zip = ZipField(
        label=gettext_lazy("ZIP code of the home"),
        error_messages={"required": gettext_lazy("Please tell us the ZIP code, so that we know who can come.")},
    )
    bedrooms = forms.TypedChoiceField(label=gettext_lazy("Bedrooms"), coerce=int)
    bathrooms = forms.TypedChoiceField(label=gettext_lazy("Bathrooms"), coerce=int)
    hours = forms.TypedChoiceField(label=gettext_lazy("For how long?"), coerce=int)
    add_ons = ExtrasField(label=gettext_lazy("Anything extra?"), required=False)
    every = EveryField(label=gettext_lazy("How often?"), coerce=int, widget=Tiles)
    change = forms.UUIDField(required=False, widget=forms.HiddenInput)
    household = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    DEFAULTS = {
        "bedrooms": "2",
        "bathrooms": "1",
        "hours": "180",
        "every": "0",
        "supplies": Supplies.OURS.value,
        "spoken": "",
    }

    def __init__(self, data: QueryDict, *, complete: bool, office: bool = False) -> None:
        """`office`: whoever asks may book for others, and go on with what was begun for them."""
        super().__init__(data)
        self.complete, self.office = complete, office
        self.unserved = ""
        today = timezone.localdate()
        self.services = {one.code: one for one in Service.objects.offered(today).prefetch_related("add_ons")}
        self.extras = {extra.code: extra for extra in AddOn.objects.offered(today)}
        self._fill_choices()

    @classmethod
    def opening(cls, params: QueryDict, *, home: Home | None = None, office: bool = False) -> "QuoteForm":
        """The form as an address asks for it; the rest is as at a known home, else as most people want it."""
        data = params.copy()
        if home and "service" not in data:
            data.setlist("pets", home.pets)
        known = {"zip": home.zip_id, "supplies": home.supplies, "spoken": home.spoken} if home else {"zip": ""}
        first = Service.objects.offered(timezone.localdate()).values_list("code", flat=True).first()
        for name, value in (cls.DEFAULTS | {"service": first or ""} | known).items():
            if name not in data:
                data[name] = value
        return cls(data, complete=False, office=office)

    @classmethod
    def changing(cls, draft: Quote, *, office: bool = False) -> "QuoteForm":
        """The form as a draft was filled in before."""
        data = QueryDict(mutable=True)
        data.update(
            {
                "service": draft.service.code,
                "zip": draft.zip_id,
                "bedrooms": str(draft.bedrooms),
                "bathrooms": str(draft.bathrooms),
                "hours": str(draft.hours_minutes),
                "every": str(draft.every),
                "supplies": draft.supplies,
                "spoken": draft.spoken,
                "change": str(draft.token),
                "household": str(draft.client_id or ""),
            }
        )
        data.setlist("pets", draft.pets)
        data.setlist("add_ons", [addon.code for addon in draft.wanted() if addon.code not in BROUGHT])
        return cls(data, complete=False, office=office)

    def _fill_choices(self) -> None:
        self.fields["service"].choices = [  # type: ignore[attr-defined]
            (code, format_html("{}<small>{}</small>", service.name, service.summary))
            for code, service in self.services.items()
        ]
        by_the_hour = frozenset(code for code, service in self.services.items() if service.by_the_hour)
        self.fields["service"].widget.by_the_hour = by_the_hour
        cents = AddOnPrice.objects.cents(timezone.localdate())
        chosen = [extra for code, extra in self.extras.items() if code not in BROUGHT]
        self.fields["add_ons"].offer(chosen, {one.code: _extra_label(one, cents) for one in chosen})  # type: ignore[attr-defined]
        self.fields["supplies"].choices = [  # type: ignore[attr-defined]
            (choice.value, self._with_extras(choice, cents)) for choice in Supplies
        ]
        self.fields["bedrooms"].choices = [  # type: ignore[attr-defined]
            (rooms, ngettext("%d bedroom", "%d bedrooms", rooms) % rooms if rooms else _("Studio"))
            for rooms in range(MOST_BEDROOMS + 1)
        ]
        self.fields["bathrooms"].choices = [  # type: ignore[attr-defined]
            (rooms, ngettext("%d bathroom", "%d bathrooms", rooms) % rooms) for rooms in range(1, MOST_BATHROOMS + 1)
        ]
        self.fields["every"].choices = rhythms()  # type: ignore[attr-defined]
        self.fields["hours"].choices = [(minutes, hours(minutes)) for minutes in HOURS]  # type: ignore[attr-defined]

    def _with_extras(self, choice: Supplies, cents: Mapping[int, int]) -> SafeString:
        """Who brings what, with what it costs."""
        more = sum(cents.get(self.extras[code].pk, 0) for code in choice.extras if code in self.extras)
        return (
            format_html("{}<small>+{}</small>", choice.label, dollars(more))
            if more
            else format_html("{}", choice.label)
        )

    def clean_service(self) -> Service:
        return self.services[self.cleaned_data["service"]]

    def clean_zip(self) -> ZipCode | None:
        code = self.cleaned_data["zip"]
        found = ZipCode.objects.filter(pk=code).first()
        if why := _not_yet(code, found):
            self.unserved = code
            raise ValidationError(why)
        return found

    def clean_add_ons(self) -> list[AddOn]:
        """Only the extras of the chosen service count; the others are not even shown with it."""
        service = self.cleaned_data.get("service")
        offered = {extra.code for extra in service.add_ons.all()} if service else set()
        return [self.extras[code] for code in self.cleaned_data["add_ons"] if code in offered]

    def clean_change(self) -> Quote | None:
        """The draft that is being changed; what is booked or unknown starts anew."""
        token = self.cleaned_data["change"]
        drafts = Quote.objects.select_related("service").filter(booking=None)
        own = drafts if self.office else drafts.filter(client=None)
        return own.filter(token=token).first() if token else None

    def clean_household(self) -> Client | None:
        """For whom the office books; what others write there is not looked at."""
        number = self.cleaned_data["household"]
        return Client.objects.select_related("user").filter(pk=number).first() if self.office and number else None

    def clean(self) -> None:
        """What we are to bring is among the extras."""
        if not self.complete and not self.data.get("zip"):
            self.errors.pop("zip", None)
        service, wanted = self.cleaned_data.get("service"), self.cleaned_data.get("supplies")
        if service and wanted and "add_ons" in self.cleaned_data:
            brought = Supplies(wanted).extras
            offered = [extra for extra in service.add_ons.all() if extra.code in self.extras]
            self.cleaned_data["add_ons"] += [extra for extra in offered if extra.code in brought]

    def price(self, *, on: date, every: int = 0) -> Price | None:
        """What it costs under the rules of a day, or None while what is wanted is not understood.

        With `every`, what a later visit of such a series costs.
        """
        self.is_valid()
        wanted = self.cleaned_data
        if not {"service", "bedrooms", "bathrooms", "hours", "add_ons"} <= wanted.keys():
            return None
        service: Service = wanted["service"]
        return service.quote(
            on=on,
            every=every,
            bedrooms=wanted["bedrooms"],
            bathrooms=wanted["bathrooms"],
            minutes=wanted["hours"],
            add_ons=wanted["add_ons"],
        )

    def later_price(self, *, on: date) -> Price | None:
        """What each visit after the first costs, where more than one is wanted."""
        self.is_valid()
        every = self.cleaned_data.get("every")
        return self.price(on=on, every=every) if every else None

    def draft(self, *, at: datetime, referrer: int | None = None) -> Quote:
        """The quote that keeps these answers, and which client invited whoever asks."""
        wanted = self.cleaned_data
        household: Client | None = wanted["household"]
        language = household.user.language if household else spoken()
        draft: Quote = wanted["change"] or Quote(language=language, referrer_id=referrer, client=household)
        draft.ask_for(
            service=wanted["service"],
            zip=wanted["zip"],
            bedrooms=wanted["bedrooms"],
            bathrooms=wanted["bathrooms"],
            hours_minutes=wanted["hours"],
            add_ons=wanted["add_ons"],
            every=wanted["every"],
            at=at,
            **self.about(),
        )
        return draft


def _extra_label(extra: AddOn, cents: Mapping[int, int]) -> SafeString:
    """An extra with what it costs, each if several can be had."""
    costs = f"+{dollars(cents.get(extra.pk, 0))}"
    return format_html("{}<small>{}</small>", extra.name, _("%s each") % costs if extra.most > 1 else costs)


def _not_yet(code: str, area: ZipCode | None) -> str:
    """Why no visit can be booked there now or soon; nothing if one can."""
    today = timezone.localdate()
    if area is None:
        return _("We do not come to %(zip)s yet.") % {"zip": code}
    comes = area.next_served(today)
    soon = comes is not None and (comes <= today or comes <= today + timedelta(days=HORIZON_DAYS.on(today)))
    return "" if soon else not_served(area, today)


class AreaForm(forms.Form):
    """Somebody whose area is not served yet asks to be told when it is."""

    email = EmailField(label=gettext_lazy("Your e-mail"))
    zip = ZipField()

    def ask(self, *, at: datetime) -> None:
        AreaRequest.ask(**self.cleaned_data, language=spoken(), at=at)
