"""The price list: what everything costs, will cost and has cost; the office sets new prices from a day on."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.catalog.extras import AddOn
from bookings.catalog.price_pages.price_examples import samples
from bookings.catalog.price_pages.price_forms import AddOnPriceForm, ServicePriceForm
from bookings.catalog.price_rules import PriceRules
from bookings.catalog.prices import AddOnPrice, ServicePrice
from bookings.catalog.pricing import least_extra
from bookings.catalog.services import Service
from bookings.form_fields import posted
from coop.web.http import Request, form_succeeded, require_perm
from members.signing_in.step_up import weighs


@require_safe
def prices(request: Request) -> HttpResponse:
    """The catalogue: every service and extra with today's price, what was set for later, and what is retired."""
    require_perm(request, "bookings.work")
    today = timezone.localdate()
    listed = {price.service_id: price for price in ServicePrice.objects.in_force(today)}
    extra = {price.add_on_id: price for price in AddOnPrice.objects.in_force(today)}
    context = {
        "unheld": set(Service.objects.without_holders(today)),
        "services": [(service, listed.get(service.pk)) for service in Service.objects.on_list(today)],
        "extras": [(one, extra.get(one.pk)) for one in AddOn.objects.on_list(today)],
        "coming": ServicePrice.objects.coming(today).select_related("service", "set_by"),
        "coming_extras": AddOnPrice.objects.coming(today).select_related("add_on", "set_by"),
        "retired": Service.objects.retired(today),
        "retired_extras": AddOn.objects.retired(today),
    }
    return render(request, "bookings/catalog/prices.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@weighs(preview="preview")
def price_service(request: Request, code: str) -> HttpResponse:
    """Set what a service costs and takes from a day on, after a look at what it pays."""
    require_perm(request, "bookings.set_prices")
    service = get_object_or_404(Service, code=code)
    now, today = timezone.now(), timezone.localdate()
    form = ServicePriceForm.about(service, posted(request), today=today)
    form.is_valid()
    wanted, tariff = form.wanted, form.tariff
    sums = {"cents_per_hour": tariff.cents_per_hour, "fixed_cents": tariff.fixed_cents}
    if "preview" not in request.POST and form_succeeded(
        form,
        lambda: service.set_price(**sums, from_day=wanted["from_day"], at=now, by=request.user, takes=tariff.takes),
    ):
        messages.success(request, _("The new price is set. Visits that are booked already keep theirs."))
        return redirect("prices")
    rules = PriceRules.on(wanted["from_day"], care=service.is_care)
    context = {
        "service": service,
        "form": form,
        "samples": samples(service, tariff, on=wanted["from_day"]),
        "from_day": wanted["from_day"],
        "floor": rules.floor,
        "least": service.least_rate(fixed_cents=tariff.fixed_cents, rules=rules, takes=tariff.takes),
        "history": service.prices.history(),
        "today": today,
    }
    return render(request, "bookings/catalog/price_service.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@weighs()
def price_add_on(request: Request, code: str) -> HttpResponse:
    """Set what an extra costs and takes from a day on."""
    require_perm(request, "bookings.set_prices")
    extra = get_object_or_404(AddOn, code=code)
    now, today = timezone.now(), timezone.localdate()
    form = AddOnPriceForm.about(extra, posted(request), today=today)
    if form_succeeded(
        form,
        lambda: extra.set_price(
            cents=form.cleaned_data["price"],
            minutes=form.cleaned_data["minutes"],
            from_day=form.cleaned_data["from_day"],
            at=now,
            by=request.user,
        ),
    ):
        messages.success(request, _("The new price is set. Visits that are booked already keep theirs."))
        return redirect("prices")
    rules, minutes = PriceRules.on(form.wanted["from_day"]), form.wanted["minutes"]
    context = {
        "extra": extra,
        "form": form,
        "minutes": minutes,
        "least": least_extra(minutes, floor=rules.floor, shares=rules.shares),
        "floor": rules.floor,
        "history": extra.prices.history(),
        "today": today,
    }
    return render(request, "bookings/catalog/price_add_on.html", context)


@require_POST
@weighs()
def take_back_service_price(request: Request, price_id: int) -> HttpResponse:
    """A price that was set for a later day will not hold after all."""
    require_perm(request, "bookings.set_prices")
    price = get_object_or_404(ServicePrice.objects.select_related("service"), pk=price_id, takes_back=None)
    price.take_back(at=timezone.now(), by=request.user)
    messages.success(request, _("Taken back. The price before it goes on."))
    return redirect("price_service", price.service.code)


@require_POST
@weighs()
def take_back_add_on_price(request: Request, price_id: int) -> HttpResponse:
    """The same for an extra."""
    require_perm(request, "bookings.set_prices")
    price = get_object_or_404(AddOnPrice.objects.select_related("add_on"), pk=price_id, takes_back=None)
    price.take_back(at=timezone.now(), by=request.user)
    messages.success(request, _("Taken back. The price before it goes on."))
    return redirect("price_add_on", price.add_on.code)
