"""The rooms' lists: read by all who work here, changed by the office, ticked at the visit."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.onsite.checklists.checklists import ChecklistTask, TaskDone, by_room
from bookings.onsite.checklists.forms import TaskForm, TicksForm
from bookings.onsite.checklists.page import checklist
from bookings.visits.shifts.shifts import Shift
from coop.web.http import Request, form_succeeded, get_for, require_perm


@require_safe
def checklists(request: Request) -> HttpResponse:
    """Every room with its tasks."""
    require_perm(request, "bookings.work")
    return render(request, "bookings/onsite/checklists.html", {"rooms": by_room(ChecklistTask.objects.standing())})


@require_http_methods(["GET", "HEAD", "POST"])
def add_task(request: Request) -> HttpResponse:
    """Put something on a list."""
    require_perm(request, "bookings.coordinate")
    form = TaskForm(request.POST if request.method == "POST" else None)
    if form_succeeded(form, lambda: ChecklistTask.add(**form.cleaned_data, at=timezone.now(), by=request.user)):
        messages.success(request, _("It is on the list."))
        return redirect("checklists")
    return render(request, "bookings/onsite/task.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def change_task(request: Request, task_id: int) -> HttpResponse:
    """Say it in other words, or elsewhere."""
    require_perm(request, "bookings.coordinate")
    task = get_object_or_404(ChecklistTask.objects.standing(), pk=task_id)
    form = TaskForm.about(task, request.POST if request.method == "POST" else None)
    if form_succeeded(form, lambda: task.change(**form.cleaned_data, at=timezone.now(), by=request.user)):
        messages.success(request, _("Saved."))
        return redirect("checklists")
    return render(request, "bookings/onsite/task.html", {"form": form, "task": task})


@require_POST
def end_task(request: Request, task_id: int) -> HttpResponse:
    """Take something off a list."""
    require_perm(request, "bookings.coordinate")
    task = get_object_or_404(ChecklistTask.objects.standing(), pk=task_id)
    task.end(at=timezone.now(), by=request.user)
    messages.success(request, _("It is off the list."))
    return redirect("checklists")


@require_POST
def tick_tasks(request: Request, shift_id: int) -> HttpResponse:
    """What is done so far at the visit at hand."""
    shift = get_for(request, "tick", Shift.objects.visible_to(request.user).with_related(), pk=shift_id)
    assert shift.visit is not None
    form = TicksForm(request.POST, service=shift.visit.booking.service)
    if form.is_valid():
        TaskDone.tick(shift, form.cleaned_data["tasks"], at=timezone.now())
    if request.htmx:
        return render(request, "bookings/onsite/ticked.html", {"checklist": checklist(shift)})
    return redirect("today")
