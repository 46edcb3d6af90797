"""What candidates learn: the list, kept by the membership office."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coop.web.http import Request, form_succeeded, require_perm
from members.joining.candidate_forms import LessonForm
from members.joining.learning import Lesson

READS_AND_SENDS = ["GET", "HEAD", "POST"]


@require_safe
def lessons(request: Request) -> HttpResponse:
    """All that is on the list; every member reads it."""
    require_perm(request, "members.read_lessons")
    return render(request, "members/joining/lessons.html", {"lessons": Lesson.objects.standing()})


@require_http_methods(READS_AND_SENDS)
def add_lesson(request: Request) -> HttpResponse:
    """Put something on the list."""
    require_perm(request, "members.keep_lessons")
    form = LessonForm(request.POST if request.method == "POST" else None)
    if form_succeeded(form, lambda: Lesson.add(**form.cleaned_data, at=timezone.now(), by=request.user)):
        messages.success(request, _("It is on the list."))
        return redirect("lessons")
    return render(request, "members/joining/lesson.html", {"form": form})


@require_http_methods(READS_AND_SENDS)
def change_lesson(request: Request, lesson_id: int) -> HttpResponse:
    """Say it in other words."""
    require_perm(request, "members.keep_lessons")
    lesson = get_object_or_404(Lesson.objects.standing(), pk=lesson_id)
    known = {"text_en": lesson.text_en, "text_es": lesson.text_es}
    form = LessonForm(request.POST if request.method == "POST" else None, initial=known)
    if form_succeeded(form, lambda: lesson.change(**form.cleaned_data, at=timezone.now(), by=request.user)):
        messages.success(request, _("Saved."))
        return redirect("lessons")
    return render(request, "members/joining/lesson.html", {"form": form, "lesson": lesson})


@require_POST
def end_lesson(request: Request, lesson_id: int) -> HttpResponse:
    """Take something off the list."""
    require_perm(request, "members.keep_lessons")
    get_object_or_404(Lesson.objects.standing(), pk=lesson_id).end(at=timezone.now(), by=request.user)
    messages.success(request, _("It is off the list."))
    return redirect("lessons")
