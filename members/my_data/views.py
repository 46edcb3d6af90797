"""What we know about somebody: to take along, and to have forgotten."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coop.web.http import Request, form_succeeded
from members.my_data.export import packed
from members.my_data.forms import EraseForm
from members.notices.notices import Notice
from members.personal_data import erase, erasure_blockers, told
from members.signing_in.step_up import after_step_up


@require_safe
def my_data(request: Request) -> HttpResponse:
    """What one can do with one's data, and what stands against forgetting it."""
    return _show(request, EraseForm(user=request.user))


@require_POST
@after_step_up
def export_data(request: Request) -> HttpResponse:
    """All of it in one file, on this one answer. Written down, and told by mail, in case it was somebody else."""
    now, user = timezone.now(), request.user
    file = packed(told(user, at=now), at=now)
    user.note("export", at=now, by=user)
    Notice.post(f"data_exported:{user.pk}:{now.timestamp():.0f}", to=user, mail="data_exported", at=now, about={})
    response = HttpResponse(file, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="my-data-{timezone.localdate(now)}.zip"'
    return response


@require_POST
@after_step_up
def erase_me(request: Request) -> HttpResponse:
    """Forget this person, for good, once they typed their address to say so."""
    form = EraseForm(request.POST, user=request.user)
    if not form_succeeded(form, lambda: erase(request.user, at=timezone.now())):
        return _show(request, form, status=422)
    logout(request)
    messages.success(request, _("Your account is closed, and we have forgotten who you are. Take care."))
    return redirect("home")


def _show(request: Request, form: EraseForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "erasure_blockers": erasure_blockers(request.user, at=timezone.now())}
    return render(request, "members/my_data/my_data.html", context, status=status)
