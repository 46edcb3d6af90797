"""The four steps of booking: what, when, where, and a last look. Nobody needs an account for them."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.catalog.areas import served
from bookings.catalog.door.door_signs import DoorSign
from bookings.catalog.named import no_longer
from bookings.catalog.pricing import share_out
from bookings.checkout.contact_forms import ContactForm
from bookings.checkout.fortnights import fortnight
from bookings.checkout.quote_forms import AreaForm, QuoteForm
from bookings.checkout.step_forms import ScreenForm, TermsForm, TimeForm
from bookings.checkout.visitors import visitor
from bookings.checkout.waitlist import WaitlistEntry
from bookings.checkout.waitlist_forms import WaitlistForm
from bookings.households.clients import Client, Home
from bookings.onsite.checklists.checklists import ChecklistTask, by_room
from bookings.policies import FREE_CANCEL_HOURS, WAITLIST_MINUTES, shares_on
from bookings.visits.browsers import belongs_to, mark_of, typed_here
from bookings.visits.ending.cancellation_fees import cancel_rules
from bookings.visits.quotes import Quote
from members.models import User

REFERRER = "referrer"
"""Where the session keeps the number of the client who invited this visitor."""

Step = Callable[[HttpRequest, Quote], HttpResponse]

question = require_http_methods(["GET", "HEAD", "POST"])


@question
@login_not_required
def quote(request: HttpRequest) -> HttpResponse:
    """Step 1: what and where, with the price at once."""
    only_price = "show_price" in request.POST
    posted, office = request.method == "POST", is_office(request)
    form = QuoteForm(request.POST, complete=not only_price, office=office) if posted else _asked(request)
    sign = DoorSign.latest()
    if posted and form.is_valid() and not only_price and sign.is_open:
        draft = form.draft(at=timezone.now(), referrer=request.session.get(REFERRER))
        return redirect("choose_time", draft.token)
    return render(request, "bookings/checkout/quote.html", _with_price(form) | {"sign": sign})


@require_safe
@login_not_required
def quote_price(request: HttpRequest) -> HttpResponse:
    """The price of what is chosen so far, for htmx."""
    return render(request, "bookings/checkout/quote_price.html", _with_price(QuoteForm.opening(request.GET)))


@require_POST
@login_not_required
def ask_for_area(request: HttpRequest) -> HttpResponse:
    """Somebody wants to be told when we come to their area."""
    form = AreaForm(request.POST)
    if not form.is_valid():
        context = {"area_form": form, "served": served(timezone.localdate())}
        return render(request, "bookings/checkout/area_page.html", context)
    form.ask(at=timezone.now())
    messages.success(request, _("Thank you. We will write to you as soon as we come to your area."))
    return redirect("quote")


def of_a_draft(step: Step) -> Any:
    """A step after the first: whoever has the draft's address may go on with it, and sees what and at what price.

    What is booked already leads to its booking, for those to whom it belongs; what is too old is quoted anew. While
    the door is closed, where we come no more, or for what is retired, the first step says so. What the office began
    for a household is for the office alone.
    """

    @question
    @login_not_required
    @never_cache
    @wraps(step)
    def view(request: HttpRequest, token: UUID) -> HttpResponse:
        booked = ("booking__home__client__user", "booking__quote")
        drafts = Quote.objects.select_related("service", "zip", "client__user", *booked)
        draft = get_object_or_404(drafts if is_office(request) else drafts.filter(client=None), token=token)
        if draft.booked and belongs_to(request, draft.booked):
            return redirect(draft.booked)
        if draft.booked:
            messages.info(request, _("This was booked already. To see it, sign in with the e-mail of the booking."))
            return redirect("quote")
        if draft.good_until < timezone.now():
            messages.info(request, _("A price is good for 14 days. Here is today's; everything else is kept."))
            return redirect(reverse("quote", query={"change": draft.token}))
        if not (draft.zip.next_served(timezone.localdate()) and DoorSign.latest().is_open):
            return redirect(reverse("quote", query={"change": draft.token}))
        if gone := draft.retired(timezone.localdate()):
            messages.info(request, no_longer(gone))
            return redirect(reverse("quote", query={"change": draft.token}))
        return step(request, draft)

    return view


@of_a_draft
def choose_time(request: HttpRequest, draft: Quote) -> HttpResponse:
    """Step 2: when, from the times at which somebody is really free."""
    now, client = timezone.now(), client_of(request, draft)
    form = TimeForm(_posted(request))
    who = visitor(request) if form.is_bound else None
    if form.choose(draft, at=now, client=client, who=who):
        return redirect(draft.next_step, draft.token)
    return render(request, "bookings/checkout/time.html", time_page(request, draft) | {"form": form})


def time_page(request: HttpRequest, draft: Quote) -> dict[str, Any]:
    """What the page of times shows: a screen of days, and the waitlist for those that are full."""
    now, user, known = timezone.now(), _person(request, draft), typed_here(request, draft)
    days = fortnight(draft, first=ScreenForm(request.GET).day, at=now, client=client_of(request, draft))
    sent = request.POST if "wait-day" in request.POST else None
    return _about(
        draft,
        form=TimeForm(),
        fortnight=days,
        waitlist_form=WaitlistForm(sent, draft=draft, full=days.full, user=user, known=known),
        waiting=draft.waitlist.filter(state=WaitlistEntry.State.WAITING).order_by("day") if known else [],
        waitlist_minutes=WAITLIST_MINUTES.on(timezone.localdate()),
    )


@of_a_draft
def give_contact(request: HttpRequest, draft: Quote) -> HttpResponse:
    """Step 3: who asks, and where the home is."""
    if draft.starts_at is None:
        return redirect(draft.next_step, draft.token)
    known = typed_here(request, draft)
    form = ContactForm(_posted(request), draft=draft, user=_person(request, draft), known=known)
    if form.is_valid():
        form.give(draft, browser=mark_of(request))
        return redirect(draft.next_step, draft.token)
    return render(request, "bookings/checkout/contact.html", _about(draft, form=form, known=known))


@of_a_draft
def check_booking(request: HttpRequest, draft: Quote) -> HttpResponse:
    """Step 4: everything once more, the terms, and on to the card.

    For a newcomer the same POST goes on to the hosted page; who is signed in may have a card with us to choose.
    """
    if draft.next_step != "check_booking":
        return redirect(draft.next_step, draft.token)
    form, by = TermsForm(_posted(request)), _signed_in(request)
    if not typed_here(request, draft) or (by and not draft.client and draft.email != by.email):
        return redirect("give_contact", draft.token)
    if booking := form.book(draft, at=timezone.now(), by=by):
        if draft.client:
            return redirect("confirm_booking", booking.token)
        return redirect("save_card", booking.token, preserve_request=by is None)
    draft.refresh_from_db()
    today = timezone.localdate()
    return render(request, "bookings/checkout/check.html", _about(draft, form=form, rules=cancel_rules([today])[today]))


def _asked(request: HttpRequest) -> QuoteForm:
    """The first form as the address wants it: a draft to change, or wishes, or nothing."""
    office = is_office(request)
    form = QuoteForm.opening(request.GET, home=_last_home(request), office=office)
    if form.is_valid() and (household := form.cleaned_data["household"]):
        home = household.homes.filter(removed_at=None).order_by("-pk").first()
        form = QuoteForm.opening(request.GET, home=home, office=office)
    form.is_valid()
    draft = form.cleaned_data.get("change")
    return QuoteForm.changing(draft, office=office) if draft else form


def _last_home(request: HttpRequest) -> Home | None:
    user = _signed_in(request)
    return Home.objects.of(user).order_by("-pk").first() if user else None


def _with_price(form: QuoteForm) -> dict[str, Any]:
    today = timezone.localdate()
    price = form.price(on=today)
    return {
        "form": form,
        "price": price,
        "later": form.later_price(on=today),
        "parts": share_out(price.cents, shares_on(today)) if price else [],
        "included": _included(form) if price else [],
        "free_hours": FREE_CANCEL_HOURS.on(today),
        "served": served(today) if form.unserved else [],
        "area_form": AreaForm(initial={"zip": form.unserved}) if form.unserved else None,
    }


def _included(form: QuoteForm) -> list[tuple[str, list[ChecklistTask]]]:
    """What is done in each room, where the kind of visit has lists. One query."""
    service = form.cleaned_data["service"]
    return by_room(ChecklistTask.objects.standing().of(service)) if service.level else []


def _about(draft: Quote, **more: Any) -> dict[str, Any]:
    now = timezone.now()
    kept = draft.kept_until(now) if draft.starts_at else None
    return {
        "draft": draft,
        "later": draft.later_price(at=now),
        "zone": draft.zip.zone,
        "parts": draft.parts(at=now),
        "kept_until": kept,
        **more,
    }


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _signed_in(request: HttpRequest) -> User | None:
    return request.user if request.user.is_authenticated else None


def is_office(request: HttpRequest) -> bool:
    """May whoever asks book for others?"""
    return request.user.is_authenticated and request.user.may_act("bookings.coordinate")


def _person(request: HttpRequest, draft: Quote) -> User | None:
    """Whose names and homes are known: the household for which the office books, else whoever is signed in."""
    return draft.client.user if draft.client else _signed_in(request)


def client_of(request: HttpRequest, draft: Quote | None = None) -> Client | None:
    if draft and draft.client:
        return draft.client
    user = _signed_in(request)
    return Client.objects.of(user).own_first(user).first() if user else None
