"""A household's homes: where they are, and how to get in."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.households.clients import Client, Home
from bookings.households.home_forms import AccessNoteForm, AddressForm, NewHomeForm
from bookings.households.note_views import AccessView
from bookings.households.preference_forms import AboutHomeForm
from coop.web.http import Request, form_succeeded

LAST_LOOKS = 10
question = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def homes(request: Request) -> HttpResponse:
    """All homes of one's households."""
    return render(request, "bookings/households/homes.html", {"homes": Home.objects.of(request.user).with_related()})


@question
def add_home(request: Request) -> HttpResponse:
    """One more home, to choose when booking."""
    form = NewHomeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        added = Home.at(_household(request), **form.cleaned_data)
        messages.success(request, _("Your home is on the list. Tell us here how to get in, if you like."))
        return redirect(added)
    return render(request, "bookings/households/add_home.html", {"form": form})


@question
def change_home(request: Request, home_id: int) -> HttpResponse:
    """One home: its address, its getting-in note, who opened that, and taking the home off the list."""
    home = _one(request, home_id)
    known = {"street": home.street, "apartment": home.apartment}
    form = AddressForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form_succeeded(form, lambda: home.readdress(**form.cleaned_data)):
        messages.success(request, _("Saved."))
        return redirect(home)
    return _show(request, home, form=form)


@require_POST
def remove_home(request: Request, home_id: int) -> HttpResponse:
    """Take a home off the list, with its note."""
    _one(request, home_id).remove(at=timezone.now())
    messages.success(request, _("The home is off your list, and its getting-in note is deleted."))
    return redirect("homes")


@require_POST
def show_note(request: Request, home_id: int) -> HttpResponse:
    """The getting-in note on this one answer; that it was seen is written down."""
    home = _one(request, home_id)
    note = home.show_note(at=timezone.now(), by=request.user)
    return _show(request, home, note_form=AccessNoteForm(initial={"access_note": note}))


@require_POST
def change_note(request: Request, home_id: int) -> HttpResponse:
    """Another getting-in note, or none."""
    home, form = _one(request, home_id), AccessNoteForm(request.POST)
    if not form.is_valid():
        return _show(request, home, note_form=form)
    home.keep_note(form.cleaned_data["access_note"], at=timezone.now())
    kept = _("Your getting-in note is saved.") if home.access_note else _("Your getting-in note is deleted.")
    messages.success(request, kept)
    return redirect(home)


@require_POST
def describe_home(request: Request, home_id: int) -> HttpResponse:
    """Pets, supplies and the language of who comes, for the visits to come."""
    home, form = _one(request, home_id), AboutHomeForm(request.POST)
    if not form.is_valid():
        return _show(request, home, about_form=form)
    home.keep_description(**form.about())
    messages.success(request, _("Saved. Whoever comes reads it beside the work."))
    return redirect(home)


def _one(request: Request, home_id: int) -> Home:
    return get_object_or_404(Home.objects.of(request.user).with_related(), pk=home_id)


def _household(request: Request) -> Client:
    """For whom somebody adds a home: their own household, else the one that they belong to, else a new one."""
    found = Client.objects.of(request.user).own_first(request.user).first()
    return found or Client.objects.get_or_create(user=request.user, defaults={"since": timezone.now()})[0]


def _show(request: Request, home: Home, **forms: Any) -> HttpResponse:
    known = {"street": home.street, "apartment": home.apartment}
    context = {
        "home": home,
        "form": AddressForm(initial=known),
        "about_form": AboutHomeForm(initial={"pets": home.pets, "supplies": home.supplies, "spoken": home.spoken}),
        "note_form": None if home.access_note else AccessNoteForm(),
        "looks": AccessView.objects.filter(home=home).select_related("user").order_by("-at")[:LAST_LOOKS],
        **forms,
    }
    return render(request, "bookings/households/change_home.html", context)
