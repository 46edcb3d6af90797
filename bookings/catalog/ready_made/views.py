"""Ready-made services and extras: ticked, priced and made on one page."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from bookings.catalog.named import Named
from bookings.catalog.ready_made.forms import ReadyMadeForm
from bookings.catalog.ready_made.making import make
from bookings.form_fields import posted
from coop.web.http import Request, form_succeeded, require_perm
from members.signing_in.step_up import weighs


@require_http_methods(["GET", "HEAD", "POST"])
@weighs(preview="preview")
def ready_made(request: Request) -> HttpResponse:
    """Tick what the co-op offers and look at what each price pays, then make it."""
    require_perm(request, "bookings.set_prices")
    form, now = ReadyMadeForm(posted(request), today=timezone.localdate()), timezone.now()
    made: list[Named] = []
    if "preview" in request.POST:
        form.is_valid()
    elif form_succeeded(
        form, lambda: made.extend(make(form.chosen, form.chosen_extras, form.beside, at=now, by=request.user))
    ):
        messages.success(request, _told(len(made)))
        return redirect("prices")
    context = {
        "form": form,
        "services": list(form.service_lines()),
        "standing": form.standing_fields(),
        "extras": list(form.extra_lines()),
        "floor": form.rules.floor,
    }
    return render(request, "bookings/catalog/ready_made.html", context)


def _told(made: int) -> str:
    if not made:
        return _("All of these are on your list already. Nothing was changed.")
    return ngettext(
        "%(made)d is on your list now, with its price from today on.",
        "%(made)d are on your list now, with their prices from today on.",
        made,
    ) % {"made": made}
