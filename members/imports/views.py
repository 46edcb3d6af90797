"""Members from a table, while the co-op is founded: a file to fill in, a look at what is in one, then all or nobody."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coop.web.csv_export import download, sheet
from coop.web.csv_import import empty_sheet
from coop.web.csv_pages import table_page
from coop.web.http import Request, require_perm
from members.imports.members import MemberTable, check_admission, imports_before, in_words
from members.imports.members import import_members as bring
from members.imports.rows import COLUMNS
from members.signing_in.step_up import weighs
from members.standing.founded import is_founded


@require_http_methods(["GET", "HEAD", "POST"])
@weighs(looking=True)
def import_members(request: Request) -> HttpResponse:
    """Whom a table would invite, named line by line where something is wrong; with a yes, they are invited."""
    require_perm(request, "members.import_members")
    now = timezone.now()
    invited, context = table_page(request, look=_looked_over, bring=lambda text: bring(text, at=now, by=request.user))
    if invited is not None:
        messages.success(request, _told(*invited))
        return redirect("import_members")
    context |= {"columns": COLUMNS, "sheet": reverse("member_sheet"), "before": imports_before()}
    return render(request, "members/imports/members.html", context | {"is_founded": is_founded()})


@require_safe
def member_sheet(request: Request) -> HttpResponse:
    """An empty table to fill in, with what belongs in each column, in the language of the page."""
    require_perm(request, "members.read_register")
    rows, header = empty_sheet(COLUMNS)
    return download(sheet(rows, header), name="members.csv")


def _looked_over(text: str) -> MemberTable:
    check_admission()
    return MemberTable(text)


def _told(invited: int, known: int) -> str:
    if not invited:
        return _("Everybody in this file is here or invited already. Nobody was invited once more.")
    return in_words(invited, known)
