"""What the co-op is called and how people reach it: what every page, mails and receipts say."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coop.contact import ContactFacts
from coop.models import Event
from coop.web.http import Request, form_succeeded, require_perm
from members.notices.contact_forms import ContactForm


@require_http_methods(["GET", "HEAD", "POST"])
def contact_facts(request: Request) -> HttpResponse:
    """For coordinators and the board, from the first day of a co-op on; with who said what before."""
    require_perm(request, "members.say_contact")
    known = ContactFacts.known()
    form = ContactForm(request.POST if request.method == "POST" else None, known=known)
    if request.method == "POST" and form_succeeded(
        form, lambda: ContactFacts.say(at=timezone.now(), by=request.user, **form.facts)
    ):
        messages.success(request, _("Saved. It stands on every page, in mails and on receipts."))
        return redirect("home")
    history = Event.objects.about(known).select_related("actor").reverse()[:20]
    return render(request, "members/notices/contact_facts.html", {"form": form, "history": history})
