"""Candidates: the list, and the page that they, their mentor and the office see."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coop.web.http import Request, form_succeeded, get_for, require_perm
from members.joining.admissions import Admission
from members.joining.candidate_forms import LearnedForm, MentorForm, ReasonForm
from members.joining.candidates import ADMISSION, Candidate, CandidateQuerySet
from members.joining.learning import Learned, Lesson
from members.joining.progress import progress_of
from members.second_person.confirmations import Confirmation

READS_AND_SENDS = ["GET", "HEAD", "POST"]


@require_safe
def candidates(request: Request) -> HttpResponse:
    """Who is on the way to being an owner, and how far."""
    require_perm(request, "members.read_candidates")
    found = list(_visible(request).now())
    far = progress_of(found, on=timezone.localdate())
    return render(request, "members/joining/candidates.html", {"rows": [(one, far[one.pk]) for one in found]})


@require_safe
def candidate(request: Request, candidate_id: int) -> HttpResponse:
    """One of them: how far, who helps, what is learned, and what becomes of it."""
    found = get_object_or_404(_visible(request), pk=candidate_id)
    asked = Admission.objects.filter(candidate=found, state=Admission.State.ASKED).first()
    waits = Confirmation.objects.filter(kind=ADMISSION, subject=asked.pk) if asked else Confirmation.objects.none()
    about = {
        "candidate": found,
        "mine": found.user_id == request.user.pk,
        "progress": found.progress(timezone.now()),
        "lessons": Lesson.objects.standing(),
        "learned": set(Learned.objects.filter(candidate=found).values_list("lesson", flat=True)),
        "form": LearnedForm(candidate=found),
        "waits": waits.first(),
        "may_look": waits.visible_to(request.user).exists(),
    }
    return render(request, "members/joining/candidate.html", about)


@require_http_methods(READS_AND_SENDS)
def choose_mentor(request: Request, candidate_id: int) -> HttpResponse:
    """Say who helps them."""
    found, now = get_for(request, "choose_mentor", _visible(request), pk=candidate_id), timezone.now()
    form = MentorForm(request.POST if request.method == "POST" else None, at=now, initial={"mentor": found.mentor})
    if form_succeeded(form, lambda: found.choose_mentor(form.cleaned_data["mentor"], at=now, by=request.user)):
        messages.success(request, _("Both of them are told."))
        return redirect(found)
    about = {"candidate": found, "form": form, "nobody": not form.fields["mentor"].queryset.exists()}  # type: ignore[attr-defined]
    return render(request, "members/joining/choose_mentor.html", about)


@require_POST
def learn(request: Request, candidate_id: int) -> HttpResponse:
    """Tick what they have learned."""
    found = get_for(request, "learn", _visible(request), pk=candidate_id)
    form = LearnedForm(request.POST, candidate=found)
    if form_succeeded(form, lambda: found.learn(form.cleaned_data["lessons"], at=timezone.now(), by=request.user)):
        messages.success(request, _("Saved."))
    else:
        messages.warning(request, _("The list has changed meanwhile. Please look at it once more."))
    return redirect(found)


@require_http_methods(READS_AND_SENDS)
def put_forward(request: Request, candidate_id: int) -> HttpResponse:
    """Ask a second person that they become an owner."""
    found, now = get_for(request, "put_forward", _visible(request), pk=candidate_id), timezone.now()
    progress = found.progress(now)
    form = ReasonForm.to_admit(request.POST if request.method == "POST" else None, progress=progress)
    if form_succeeded(form, lambda: found.put_forward(form.cleaned_data["reason"], at=now, by=request.user)):
        messages.success(request, _("It waits for a second person now."))
        return redirect(found)
    about = {"candidate": found, "form": form, "progress": progress}
    return render(request, "members/joining/put_forward.html", about)


@require_http_methods(READS_AND_SENDS)
def turn_down(request: Request, candidate_id: int) -> HttpResponse:
    """Ask a second person that they are told no."""
    found = get_for(request, "turn_down", _visible(request), pk=candidate_id)
    form = ReasonForm.to_turn_down(request.POST if request.method == "POST" else None)
    if form_succeeded(form, lambda: found.turn_down(form.cleaned_data["reason"], at=timezone.now(), by=request.user)):
        messages.success(request, _("It waits for a second person now. They are told, and can answer."))
        return redirect(found)
    return render(request, "members/joining/turn_down.html", {"candidate": found, "form": form})


def _visible(request: Request) -> CandidateQuerySet:
    return Candidate.objects.visible_to(request.user).with_related()
