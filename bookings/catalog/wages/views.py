"""What the law says an hour pays at least: read by all members, written down by the treasurer and the board."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.catalog.wages.floors import Floors, highest_by_law
from bookings.catalog.wages.forms import LeastWageForm
from bookings.catalog.wages.known import Known, known_figures
from bookings.catalog.wages.least_wages import LeastWage
from bookings.form_fields import posted
from coop.models import ZipCode
from coop.web.http import Request, form_succeeded, get_for, require_perm
from members.signing_in.step_up import weighs


@require_safe
def least_wages(request: Request) -> HttpResponse:
    """What holds today by place and work, beside the co-op's own floor; and all that held or will hold."""
    require_perm(request, "bookings.work")
    today = timezone.localdate()
    context = {
        "today": today,
        "own": Floors.on([today]).own[today],
        "law": highest_by_law(today),
        "held": list(LeastWage.objects.in_force(today)),
        "history": LeastWage.objects.history(),
    }
    return render(request, "bookings/catalog/wages/least_wages.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@weighs()
def write_down_least_wage(request: Request) -> HttpResponse:
    """Write down what the law says, from a day on; `known` in the address begins with a figure that is known."""
    require_perm(request, "bookings.write_down_leastwage")
    now, known = timezone.now(), _known()
    first = next((one.initial for one in known if one.key == request.GET.get("known")), None)
    form = LeastWageForm(posted(request), initial=first)
    if form_succeeded(form, lambda: LeastWage.write_down(**form.said, at=now, by=request.user)):
        messages.success(request, _("Written down. From that day on nobody's hour is paid less there."))
        return redirect("least_wages")
    return render(request, "bookings/catalog/wages/write_down.html", {"form": form, "known": known})


@require_POST
@weighs()
def take_back_least_wage(request: Request, wage_id: int) -> HttpResponse:
    """What was written down for a later day will not hold after all."""
    wage = get_for(request, "take_back", LeastWage.objects.filter(takes_back=None), pk=wage_id)
    wage.take_back(at=timezone.now(), by=request.user)
    messages.success(request, _("Taken back. What held before goes on."))
    return redirect("least_wages")


def _known() -> list[Known]:
    """Figures that are not written down yet."""
    served = ZipCode.objects.served_from(timezone.localdate())
    counties = served.order_by("state", "county").values_list("state", "county").distinct()
    written = set(LeastWage.objects.standing().values_list("state", "locality", "work"))
    return [one for one in known_figures(counties) if (one.state, one.locality, one.work) not in written]
