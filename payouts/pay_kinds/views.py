"""Who is paid how: the list for those who look after it, each member's history, and one's own."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coop.web.http import Request, form_succeeded, require_perm
from members.models import Member
from members.signing_in.step_up import weighs
from payouts.pay_kinds.forms import PayKindForm
from payouts.pay_kinds.pay_kinds import Kinds, PayKind

question = require_http_methods(["GET", "HEAD", "POST"])


def _said(kind: str | None) -> str:
    return str(PayKind.Kind(kind).label) if kind else ""


@require_safe
def pay_kinds(request: Request) -> HttpResponse:
    """Everybody who is here with how they are paid today, and how newcomers are."""
    require_perm(request, "payouts.read_pay_kinds")
    today = timezone.localdate()
    members = list(Member.objects.here().select_related("user").order_by("user__name", "pk"))
    kinds = Kinds([member.pk for member in members])
    rows = [(member, _said(kinds.on(member.pk, today))) for member in members]
    usual = PayKind.objects.usual().in_order().reverse().select_related("said_by")
    return render(request, "payouts/pay_kinds/pay_kinds.html", {"rows": rows, "usual": usual, "today": today})


@question
@weighs()
def say_usual_pay_kind(request: Request) -> HttpResponse:
    """Say how newcomers are paid who start from a day on."""
    require_perm(request, "payouts.say_paykind")
    return _ask(request, None)


@question
@weighs()
def say_pay_kind(request: Request, member_id: int) -> HttpResponse:
    """How one member is and was paid, and how from a day on."""
    member = get_object_or_404(Member.objects.select_related("user"), pk=member_id)
    require_perm(request, "payouts.say_paykind", member)
    return _ask(request, member)


@require_safe
def my_pay_kind(request: Request) -> HttpResponse:
    """How I am paid, since when, and what it was before."""
    member = request.user.membership
    if member is None:
        raise Http404
    kinds = Kinds([member.pk])
    now = kinds.on(member.pk, timezone.localdate())
    context = {"kind": now, "said": _said(now), "history": kinds.history(member.pk)}
    return render(request, "payouts/pay_kinds/mine.html", context)


def _ask(request: Request, member: Member | None) -> HttpResponse:
    now, today = timezone.now(), timezone.localdate()
    rows = PayKind.objects.filter(member=member).in_order().reverse().select_related("said_by")
    kind = Kinds([member.pk]).on(member.pk, today) if member else next((row.kind for row in rows), None)
    first = {"kind": kind, "starts_on": today}
    form = PayKindForm(request.POST if request.method == "POST" else None, initial=first)
    if form_succeeded(form, lambda: PayKind.say(member, **form.cleaned_data, at=now, by=request.user)):
        messages.success(request, _("Saved. They are told.") if member else _("Saved."))
        return redirect("pay_kinds")
    context = {"form": form, "member": member, "said": _said(kind), "rows": rows}
    return render(request, "payouts/pay_kinds/say.html", context)
