"""Clients from a table: a file to fill in, a look at what is in one, and then all of it or nothing."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bookings.imports.clients import ClientTable, Imported, imports_before
from bookings.imports.clients import import_clients as bring
from bookings.imports.rows import COLUMNS
from coop.web.csv_export import download, sheet
from coop.web.csv_import import empty_sheet
from coop.web.csv_pages import table_page
from coop.web.http import Request, require_perm
from members.signing_in.step_up import weighs


@require_http_methods(["GET", "HEAD", "POST"])
@weighs(looking=True)
def import_clients(request: Request) -> HttpResponse:
    """What a table would bring, named line by line where something is wrong; with a yes, it is brought."""
    require_perm(request, "bookings.import_clients")
    now = timezone.now()
    brought, context = table_page(request, look=ClientTable, bring=lambda text: bring(text, at=now, by=request.user))
    if brought is not None:
        messages.success(request, _told(brought))
        return redirect("import_clients")
    context |= {"columns": COLUMNS, "sheet": reverse("client_sheet"), "before": imports_before()}
    return render(request, "bookings/imports/clients.html", context)


@require_safe
def client_sheet(request: Request) -> HttpResponse:
    """An empty table to fill in, with what belongs in each column, in the language of the page."""
    require_perm(request, "bookings.coordinate")
    rows, header = empty_sheet(COLUMNS)
    return download(sheet(rows, header), name="clients.csv")


def _told(brought: Imported) -> str:
    if not brought.clients and not brought.homes:
        return _("Everything in this file is on our list already. Nothing was added.")
    return brought.words
