"""The way down from each figure of the books."""

from typing import Any

from django.db.models import Q, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from coop.web.csv_export import download, sheet
from coop.web.http import Request, require_perm
from members.signing_in.step_up import weighs
from payouts.bookkeeping import entry_pages
from payouts.bookkeeping.account_pages import AccountPage
from payouts.bookkeeping.balances import AccountList, TrialBalance
from payouts.bookkeeping.forms import DayForm, DaysForm, FindForm, KindsForm, MonthForm, PageForm
from payouts.bookkeeping.names import named
from payouts.bookkeeping.quickbooks import HEADER, journal
from payouts.ledger.ledger import Account, AccountQuerySet, Entry, Transfer

A_PAGE = 50


@require_safe
def trial_balance(request: Request) -> HttpResponse:
    """What every kind of account stood at when a day was over, and that all of it together is nothing."""
    require_perm(request, "payouts.inspect_books")
    form = DayForm(request.GET if "day" in request.GET else {"day": timezone.localdate()})
    day = (form.cleaned_data["day"] if form.is_valid() else None) or timezone.localdate()
    context = {"form": form, "balance": TrialBalance.of(day)}
    return render(request, "payouts/bookkeeping/trial_balance.html", context)


@require_safe
def accounts(request: Request) -> HttpResponse:
    """The accounts of some kinds with what they stand at now."""
    require_perm(request, "payouts.inspect_books")
    form = KindsForm(request.GET)
    kinds = form.cleaned_data["kind"] if form.is_valid() else []
    rows = Account.objects.filter(kind__in=kinds) if kinds else Account.objects.all()
    return _list(request, rows, kinds=kinds)


@require_safe
def my_accounts(request: Request) -> HttpResponse:
    """What the books say of one's own pay and tips."""
    member = request.user.membership
    if member is None:
        raise Http404
    return _list(request, Account.objects.filter(member=member), kinds=[])


def _list(request: Request, rows: AccountQuerySet, *, kinds: list[str]) -> HttpResponse:
    found = AccountList.of(rows, after=PageForm(request.GET).number)
    names = named(found.accounts)
    context = {
        "accounts": [(account, names[account.pk]) for account in found.accounts],
        "cents": found.cents,
        "more": found.more,
        "kinds": [Account.Kind(kind) for kind in kinds],
        "query": _query(request),
    }
    return render(request, "payouts/bookkeeping/accounts.html", context)


@require_safe
def account(request: Request, account_id: int) -> HttpResponse:
    """One account, entry by entry, for the money offices and whoever it belongs to."""
    everybodys = request.user.has_perm("payouts.inspect_books")
    rows = Account.objects.all() if everybodys else Account.objects.filter(member__user=request.user)
    found = get_object_or_404(rows.with_balance(), pk=account_id)
    form = DaysForm(request.GET)
    context = {
        "account": found,
        "name": named([found])[found.pk],
        "form": form,
        "page": AccountPage.of(found, wanted=form.wanted, before=PageForm(request.GET).number),
        "query": _query(request),
    }
    return render(request, "payouts/bookkeeping/account.html", context)


@require_safe
def find_entries(request: Request) -> HttpResponse:
    """Transfers by key, amount, days, member, kind, and what they come to together."""
    require_perm(request, "payouts.inspect_books")
    form = FindForm(request.GET)
    found = Transfer.objects.filter(form.transfers)
    before = PageForm(request.GET).number
    rows = found.filter(Q(pk__lt=before) if before else Q()).select_related("entry", "payer", "payee").order_by("-pk")
    shown = list(rows[: A_PAGE + 1])
    names = named({end.pk: end for row in shown for end in (row.payer, row.payee)}.values())
    context: dict[str, Any] = {
        "form": form,
        "rows": [(row, names[row.payer_id], names[row.payee_id]) for row in shown[:A_PAGE]],
        "cents": found.aggregate(total=Sum("cents", default=0))["total"],
        "older": shown[A_PAGE - 1].pk if len(shown) > A_PAGE else None,
        "query": _query(request),
    }
    return render(request, "payouts/bookkeeping/find_entries.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@weighs()
def export_books(request: Request) -> HttpResponse:
    """A month of the books as a table for QuickBooks Online."""
    require_perm(request, "payouts.export_books")
    form = MonthForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        month = form.cleaned_data["month"]
        return download(sheet(journal(month), HEADER), name=f"books-{month:%Y-%m}.csv")
    return render(request, "payouts/bookkeeping/export.html", {"form": form})


@require_safe
def entry(request: Request, entry_id: int) -> HttpResponse:
    """One entry: what it moved, when and by whom it was written, and what it is about."""
    require_perm(request, "payouts.inspect_books")
    related = ("visit__booking__home__client__user", "charge", "payout__run", "reverses", "reversed_by")
    found = get_object_or_404(Entry.objects.select_related(*related), pk=entry_id)
    rows = list(found.transfers.select_related("payer", "payee").order_by("pk"))
    names = named({end.pk: end for row in rows for end in (row.payer, row.payee)}.values())
    context = {
        "entry": found,
        "rows": [(row, names[row.payer_id], names[row.payee_id]) for row in rows],
        "cents": sum(row.cents for row in rows),
        "about": entry_pages.about(found, request.user),
        "posted_by": entry_pages.posted_by(found),
    }
    return render(request, "payouts/bookkeeping/entry.html", context)


def _query(request: Request) -> str:
    """What the address asks for besides the page, to go on with it."""
    asked = request.GET.copy()
    asked.pop("before", None)
    return f"{asked.urlencode()}&" if asked else ""
