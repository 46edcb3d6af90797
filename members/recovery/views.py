"""A new way into an account: asked for by the office, stopped from the old one, used from the new one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coop.web.http import Request, form_succeeded, get_for
from members.people.users import User
from members.policies import RECOVERY_HOURS
from members.recovery.forms import RecoveryForm
from members.recovery.recoveries import FINISH, STOP, AccountRecovery
from members.recovery.rules import OFFICES
from members.signing_in.step_up import weighs

question = require_http_methods(["GET", "HEAD", "POST"])


def _people(user: User) -> QuerySet[User]:
    """Accounts that this person may open anew for somebody: all for the office, none for others."""
    return User.objects.filter(is_active=True) if user.roles & set(OFFICES) else User.objects.none()


@question
@weighs()
def recover_user(request: Request, user_id: int) -> HttpResponse:
    """Ask that somebody gets a new way into their account; what became of it before."""
    person, now = get_for(request, "recover", _people(request.user), pk=user_id), timezone.now()
    form = RecoveryForm(request.POST if request.method == "POST" else None)

    def ask() -> None:
        said = form.cleaned_data
        facts = {"email": said["email"], "phone": said.get("phone", ""), "reason": said["reason"]}
        AccountRecovery.ask(person, **facts, at=now, by=request.user)

    if form_succeeded(form, ask):
        messages.success(request, _("Asked. Now somebody else of the office meets them and confirms it."))
        return redirect("recover_user", person.pk)
    rows = AccountRecovery.objects.filter(user=person).select_related("asked_by", "confirmed_by").order_by("-pk")
    about = {
        "form": form,
        "person": person,
        "rows": rows,
        "running": rows.running().exists(),
        "hours": RECOVERY_HOURS.on(timezone.localdate(now)),
        "zone": request.user.membership.zip.zone if request.user.membership else None,
    }
    return render(request, "members/recovery/recover.html", about)


@login_not_required
@question
def stop_recovery(request: HttpRequest, token: str) -> HttpResponse:
    """It was not them: whoever reads the old mail or phone stops it. Looking at the page does nothing."""
    found = AccountRecovery.objects.by_token(token, salt=STOP)
    if request.method == "POST" and found:
        found.stop(at=timezone.now(), by=None)
        messages.success(request, _("Stopped. Everything is as it was, and our office is told."))
        return redirect("account_login")
    shown = found if found and found.can_be_stopped() else None
    return render(request, "members/recovery/stop.html", {"found": shown})


@login_not_required
@question
def finish_recovery(request: HttpRequest, token: str) -> HttpResponse:
    """The link that only the new address or number got. Looking at the page does nothing."""
    found, now = AccountRecovery.objects.by_token(token, salt=FINISH), timezone.now()
    if request.method == "POST" and found:
        phone = bool(found.phone)
        found.finish(at=now, by=None)
        messages.success(request, _("Done. Sign in with it now, and set up a key again if you had one."))
        return redirect("sign_in_by_phone" if phone else "account_login")
    return render(
        request, "members/recovery/finish.html", {"found": found if found and found.can_be_used(now) else None}
    )
