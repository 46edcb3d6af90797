"""Entries by hand on pages: all members read what is in the books, two of the money offices write it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coop.web.documents import show_document
from coop.web.http import Request, form_succeeded, get_for, may, require_perm
from members.models import Confirmation
from members.signing_in.step_up import weighs
from payouts.bookkeeping.forms import PageForm
from payouts.hand_entries.forms import HandEntryForm, UndoForm
from payouts.hand_entries.hand_entries import MATTER, HandEntry

A_PAGE = 50
question = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def hand_entries(request: Request) -> HttpResponse:
    """What was written by hand, the latest first."""
    require_perm(request, "payouts.read_books")
    rows = HandEntry.objects.light().order_by("-pk")
    if before := PageForm(request.GET).number:
        rows = rows.filter(pk__lt=before)
    shown = list(rows[: A_PAGE + 1])
    context = {"rows": shown[:A_PAGE], "older": shown[A_PAGE - 1].pk if len(shown) > A_PAGE else None}
    return render(request, "payouts/hand_entries/hand_entries.html", context)


@require_safe
def hand_entry(request: Request, hand_entry_id: int) -> HttpResponse:
    """One of them, with who wrote and who confirmed it; whom it pays and its receipt for those who answer for it."""
    require_perm(request, "payouts.read_books")
    found = get_object_or_404(HandEntry.objects.light(), pk=hand_entry_id)
    asked = Confirmation.objects.filter(kind=MATTER, subject=found.pk).select_related("decided_by").first()
    context = {
        "one": found,
        "asked": asked,
        "sees_question": asked and Confirmation.objects.visible_to(request.user).filter(pk=asked.pk).exists(),
        "undoings": found.undoings.light().order_by("pk"),
        "inspects": may(request.user, "open", found),
        "has_receipt": bool(found.receipt_type),
    }
    return render(request, "payouts/hand_entries/hand_entry.html", context)


@require_safe
@never_cache
def open_hand_entry(request: Request, hand_entry_id: int) -> HttpResponse:
    """Its receipt, for the money offices and whoever is the second person instead."""
    require_perm(request, "payouts.read_books")
    found = get_for(request, "open", HandEntry.objects.all(), pk=hand_entry_id)
    if not found.receipt:
        raise Http404
    return show_document(found.receipt, found.receipt_type, name=f"receipt-{found.day}-{found.pk}")


@question
@weighs(looking=True)
def draft_hand_entry(request: Request) -> HttpResponse:
    """Write something into the books, once a second person has confirmed it."""
    require_perm(request, "payouts.draft_handentry")
    posted = request.method == "POST"
    form = HandEntryForm(request.POST if posted else None, request.FILES or None)
    made: list[HandEntry] = []
    if form_succeeded(form, lambda: made.append(HandEntry.draft(**form.said, at=timezone.now(), by=request.user))):
        messages.success(request, _("It waits for a second person, who is told now."))
        return redirect(made[0])
    return render(request, "payouts/hand_entries/draft.html", {"form": form})


@question
@weighs()
def undo_hand_entry(request: Request, hand_entry_id: int) -> HttpResponse:
    """Ask a second person to undo it."""
    found = get_for(request, "undo", HandEntry.objects.light(), pk=hand_entry_id)
    form = UndoForm(request.POST if request.method == "POST" else None)
    made: list[HandEntry] = []
    now = timezone.now()
    if form_succeeded(form, lambda: made.append(found.undo(**form.cleaned_data, at=now, by=request.user))):
        messages.success(request, _("It waits for a second person, who is told now."))
        return redirect(made[0])
    return render(request, "payouts/hand_entries/undo.html", {"form": form, "one": found})
