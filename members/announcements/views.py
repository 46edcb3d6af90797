"""Announcements: those that went to somebody, one of them, writing one, answering, and taking one back."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coop.web.http import Request, form_succeeded, get_for, require_perm
from members.announcements.announcements import WRITING, Addressee, Announcement, AnnouncementQuerySet
from members.announcements.audience import mark_of
from members.announcements.forms import AnnouncementForm, AnswerForm, TakeBackForm

LATELY = 60
"""How many of the last announcements a list shows."""
question = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def announcements(request: Request) -> HttpResponse:
    """What went to whoever looks; for the offices also all that was sent, with how many have read it."""
    require_perm(request, "members.read_announcements")
    mine = Addressee.objects.filter(member=request.user.membership).select_related("announcement__author")
    about: dict[str, object] = {"mine": mine.order_by("-announcement__sent_at", "-pk")[:LATELY]}
    if not request.user.roles.isdisjoint(WRITING):
        counted = {"went": Count("addressees"), "opened": Count("addressees", Q(addressees__opened_at__isnull=False))}
        sent = Announcement.objects.annotate(**counted).select_related("author")
        about["sent"] = sent.order_by("-sent_at", "-pk")[:LATELY]
    return render(request, "members/announcements/announcements.html", about)


@require_safe
def announcement(request: Request, announcement_id: int) -> HttpResponse:
    """One of them. That somebody to whom it went has opened it is written down: it says so on the page."""
    found = get_object_or_404(_visible(request), pk=announcement_id)
    mine = found.addressees.filter(member=request.user.membership).first()
    if mine and request.method == "GET":
        mine.open(at=timezone.now())
    rows = (
        found.addressees.select_related("member__user").order_by("member__user__name", "pk")
        if _sees_whom(request, found)
        else []
    )
    about = {
        "announcement": found,
        "mine": mine,
        "answers": Addressee.Answer.choices,
        "is_over": found.is_over(timezone.now()),
        "readers": list(rows),
        "opened": sum(row.opened_at is not None for row in rows),
    }
    return render(request, "members/announcements/announcement.html", about)


def _sees_whom(request: Request, found: Announcement) -> bool:
    """Whoever wrote it, and the offices that write; of whom was chosen by the register, those who read that."""
    if found.author_id == request.user.pk:
        return True
    reads = not found.audience.is_of_the_register or request.user.has_perm("members.read_register")
    return reads and not request.user.roles.isdisjoint(WRITING)


@question
def send_announcement(request: Request) -> HttpResponse:
    """Write one: first it is shown to whom it goes, and sent once exactly those were seen."""
    require_perm(request, "members.send_announcement")
    form, now = AnnouncementForm(request.POST if request.method == "POST" else None, user=request.user), timezone.now()
    if not form.is_valid():
        return render(request, "members/announcements/send.html", {"form": form}, status=422 if form.errors else 200)
    chosen = list(form.audience.members(now).select_related("user"))
    mark, shown = mark_of(chosen), form.cleaned_data["shown"]
    made: list[Announcement] = []

    def send() -> None:
        sent = Announcement.send(
            form.cleaned_data["key"], audience=form.audience, at=now, by=request.user, **form.facts
        )
        made.append(sent)

    if chosen and shown == mark and form_succeeded(form, send):
        n = len(chosen)
        messages.success(request, ngettext("Sent to %(n)d person.", "Sent to %(n)d people.", n) % {"n": n})
        return redirect(made[0])
    if not chosen:
        form.add_error(None, _("Nobody fits what you chose."))
    others = bool(shown) and shown != mark
    page = {"form": form, "chosen": chosen, "mark": mark, "others": others, "words": form.audience.in_words}
    return render(request, "members/announcements/send.html", page, status=422 if form.errors else 200)


@require_POST
def answer_announcement(request: Request, announcement_id: int) -> HttpResponse:
    """Yes, no or perhaps, by one tap."""
    found = get_for(request, "answer", _visible(request), pk=announcement_id)
    form = AnswerForm(request.POST)
    if form.is_valid():
        found.answer(form.cleaned_data["answer"], at=timezone.now(), by=request.user)
        messages.success(request, _("Thank you. You can say otherwise until then."))
    return redirect(found)


@question
def take_back_announcement(request: Request, announcement_id: int) -> HttpResponse:
    """It does not hold any more."""
    found = get_for(request, "take_back", _visible(request), pk=announcement_id)
    form = TakeBackForm(request.POST if request.method == "POST" else None)
    if form_succeeded(form, lambda: found.take_back(note=form.cleaned_data["why"], at=timezone.now(), by=request.user)):
        messages.success(request, _("Taken back. Whoever opens it reads why."))
        return redirect(found)
    page = {"form": form, "announcement": found}
    return render(request, "members/announcements/take_back.html", page, status=422 if form.errors else 200)


def _visible(request: Request) -> AnnouncementQuerySet:
    return Announcement.objects.visible_to(request.user).select_related("author", "taken_back_by")
