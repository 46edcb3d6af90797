"""What waits for a second person: the list, one of them, and the answers."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coop.web.http import Request, form_succeeded, get_for, require_perm
from members.second_person.confirmations import Confirmation, ConfirmationQuerySet, in_words
from members.second_person.forms import AnswerForm, NoForm
from members.signing_in.step_up import weighs

LATELY = 30


@require_safe
def confirmations(request: Request) -> HttpResponse:
    """What waits, the oldest first, and what was decided lately."""
    require_perm(request, "members.read_confirmations")
    visible = Confirmation.objects.visible_to(request.user).with_related()
    decided = visible.exclude(state=Confirmation.State.ASKED).order_by("-decided_at", "-pk")[:LATELY]
    about = {"waiting": in_words(visible.waiting()), "decided": in_words(decided)}
    return render(request, "members/second_person/confirmations.html", about)


@require_safe
def confirmation(request: Request, confirmation_id: int) -> HttpResponse:
    """One of them, for whoever asked, whom it is about, and who can be second."""
    return _show(request, get_object_or_404(_visible(request), pk=confirmation_id))


@require_POST
def answer_confirmation(request: Request, confirmation_id: int) -> HttpResponse:
    """What somebody says to it whom it is about."""
    found = get_for(request, "answer", _visible(request), pk=confirmation_id)
    concern = found.concerns.get(member__user=request.user)
    form, now = AnswerForm(request.POST), timezone.now()
    if not form_succeeded(form, lambda: found.hear(concern, **form.cleaned_data, at=now, by=request.user)):
        return _show(request, found, answer=form, status=422)
    messages.success(request, _("Thank you. Whoever decides reads what you say."))
    return redirect(found)


@require_POST
@weighs()
def confirm_confirmation(request: Request, confirmation_id: int) -> HttpResponse:
    """The second person's yes."""
    found = get_for(request, "confirm", _visible(request), pk=confirmation_id)
    found.confirm(at=timezone.now(), by=request.user)
    messages.success(request, _("Confirmed. It is carried out."))
    return redirect(found)


@require_POST
def decline_confirmation(request: Request, confirmation_id: int) -> HttpResponse:
    """The second person's no."""
    found = get_for(request, "decline", _visible(request), pk=confirmation_id)
    form, now = NoForm(request.POST), timezone.now()
    if not form_succeeded(form, lambda: found.decline(form.cleaned_data["answer"], at=now, by=request.user)):
        return _show(request, found, no=form, status=422)
    messages.success(request, _("Not confirmed. Nothing happens, and they are told."))
    return redirect(found)


@require_POST
def withdraw_confirmation(request: Request, confirmation_id: int) -> HttpResponse:
    """Whoever asked takes it back."""
    found = get_for(request, "withdraw", _visible(request), pk=confirmation_id)
    found.withdraw(at=timezone.now(), by=request.user)
    messages.success(request, _("Withdrawn. Nothing happens, and they are told."))
    return redirect(found)


def _visible(request: Request) -> ConfirmationQuerySet:
    return Confirmation.objects.visible_to(request.user).with_related()


def _show(
    request: Request,
    found: Confirmation,
    *,
    answer: AnswerForm | None = None,
    no: NoForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    mine = next((one for one in found.answers if one.member.user_id == request.user.pk), None)
    about = {
        "confirmation": found,
        "seconds": found.seconds(now) if found.state == Confirmation.State.ASKED else [],
        "is_ready": found.is_ready(now),
        "mine": mine,
        "answer": answer or AnswerForm(initial={"agrees": "no", "words": mine.words if mine else ""}),
        "no": no or NoForm(),
        "office": not request.user.roles.isdisjoint(found.matter.offices),
    }
    return render(request, "members/second_person/confirmation.html", about, status=status)
