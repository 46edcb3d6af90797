"""The price list: what everything costs, will cost and has cost; the office sets new prices from a day on."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bookings.catalog.forms import AddOnPriceForm, ServicePriceForm
from bookings.catalog.price_examples import samples
from bookings.catalog.price_rules import PriceRules
from bookings.catalog.prices import AddOnPrice, ServicePrice
from bookings.catalog.pricing import least_extra
from bookings.catalog.services import AddOn, Service
from coop.web.http import Request, form_succeeded, require_perm


@require_safe
def prices(request: Request) -> HttpResponse:
    """Every service and extra with today's price and what was set for the days to come."""
    require_perm(request, "bookings.work")
    today = timezone.localdate()
    listed = {price.service_id: price for price in ServicePrice.objects.in_force(today)}
    extra = {price.add_on_id: price for price in AddOnPrice.objects.in_force(today)}
    services = Service.objects.order_by("position")
    extras = AddOn.objects.order_by("position")
    context = {
        "services": [(service, listed.get(service.pk)) for service in services],
        "extras": [(one, extra.get(one.pk)) for one in extras],
        "coming": ServicePrice.objects.coming(today).select_related("service", "set_by"),
        "coming_extras": AddOnPrice.objects.coming(today).select_related("add_on", "set_by"),
    }
    return render(request, "bookings/catalog/prices.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def price_service(request: Request, code: str) -> HttpResponse:
    """Set what a service costs from a day on, after a look at what it pays."""
    require_perm(request, "bookings.coordinate")
    service = get_object_or_404(Service, code=code)
    now, tomorrow = timezone.now(), timezone.localdate() + timedelta(days=1)
    listed = service.price_on(tomorrow)
    start = {"rate": listed.cents_per_hour, "fixed": listed.fixed_cents, "from_day": tomorrow}
    form = ServicePriceForm(request.POST if request.method == "POST" else None, initial=start)
    form.is_valid()
    wanted = {**start, **getattr(form, "cleaned_data", {})}
    sums = {"cents_per_hour": wanted["rate"], "fixed_cents": wanted["fixed"]}
    if "preview" not in request.POST and form_succeeded(
        form, lambda: service.set_price(**sums, from_day=wanted["from_day"], at=now, by=request.user)
    ):
        messages.success(request, _("The new price is set. Visits that are booked already keep theirs."))
        return redirect("prices")
    rules = PriceRules.on(wanted["from_day"])
    context = {
        "service": service,
        "form": form,
        "samples": samples(service, **sums, on=wanted["from_day"]),
        "from_day": wanted["from_day"],
        "floor": rules.floor,
        "least": service.least_rate(fixed_cents=wanted["fixed"], rules=rules),
        "history": _history(service),
    }
    return render(request, "bookings/catalog/price_service.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def price_add_on(request: Request, code: str) -> HttpResponse:
    """Set what an extra costs from a day on."""
    require_perm(request, "bookings.coordinate")
    extra = get_object_or_404(AddOn, code=code)
    now, tomorrow = timezone.now(), timezone.localdate() + timedelta(days=1)
    listed = extra.prices.in_force(tomorrow).first()
    start = {"price": listed.cents if listed else 0, "from_day": tomorrow}
    form = AddOnPriceForm(request.POST if request.method == "POST" else None, initial=start)
    if form_succeeded(
        form,
        lambda: extra.set_price(
            cents=form.cleaned_data["price"], from_day=form.cleaned_data["from_day"], at=now, by=request.user
        ),
    ):
        messages.success(request, _("The new price is set. Visits that are booked already keep theirs."))
        return redirect("prices")
    rules = PriceRules.on(tomorrow)
    least = least_extra(extra.minutes, floor=rules.floor, shares=rules.shares)
    context = {"extra": extra, "form": form, "least": least, "floor": rules.floor, "history": _history(extra)}
    return render(request, "bookings/catalog/price_add_on.html", context)


def _history(priced: Service | AddOn) -> Any:
    """Every price that it has had or will have, latest first."""
    return priced.prices.select_related("set_by").order_by("-effective_on", "-pk")
