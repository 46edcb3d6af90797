"""Pages of this room. Members only: to everybody else there is nothing here."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coop.web.http import Request, form_succeeded, get_for
from governance.proposals.forms import CommentForm, ProposalForm, VoidForm
from governance.proposals.presenters import ProposalPage
from governance.proposals.proposals import Proposal
from governance.proposals.subjects import Subject, rooms, subject
from members.signing_in.step_up import weighs

PER_PAGE = 40


@require_safe
def proposals(request: Request) -> HttpResponse:
    """Every vote: open ones first, then what is coming, then what is over."""
    members_only(request, "governance.read")
    rows = Proposal.objects.visible_to(request.user).with_turnout().open_first()
    context = {
        "page": Paginator(rows.select_related("author__user", "count"), PER_PAGE).get_page(request.GET.get("page")),
        "waiting": set(Proposal.objects.waiting_for(request.user).values_list("pk", flat=True)),
    }
    return render(request, "governance/proposals/proposals.html", context)


@require_safe
def proposal(request: Request, proposal_id: int) -> HttpResponse:
    """One proposal: what it changes, what was said, how the vote stands, and one's own ballot."""
    found = Proposal.objects.visible_to(request.user).select_related("author__user", "rule", "count")
    page = ProposalPage(get_object_or_404(found, pk=proposal_id), reader=request.user)
    return render(request, "governance/proposals/proposal.html", {"page": page, "proposal": page.proposal})


def propose(request: Request) -> HttpResponse:
    """Choose what it is about, then write it; it stays a draft until its author opens the discussion."""
    members_only(request, "governance.propose")
    about = subject(request.GET.get("about", ""))
    if about is None and request.GET.get("about") != "words":
        return render(request, "governance/proposals/choose.html", {"rooms": list(rooms())})
    now = timezone.now()
    form = ProposalForm(request.POST or None, about=about, at=now)
    written: list[Proposal] = []
    if form_succeeded(form, lambda: written.append(Proposal.propose(**form.words, at=now, by=request.user))):
        return redirect(written[0])
    return render(request, "governance/proposals/write.html", {"form": form, "about": about})


def revise_proposal(request: Request, proposal_id: int) -> HttpResponse:
    """Write a new version."""
    row = get_for(request, "revise", Proposal.objects.visible_to(request.user), pk=proposal_id)
    now, about = timezone.now(), _subject_of(row)
    form = ProposalForm(request.POST or None, about=about, at=now, proposal=row)
    if form_succeeded(form, lambda: row.revise(**form.words, at=now, by=request.user)):
        return redirect(row)
    return render(request, "governance/proposals/write.html", {"form": form, "about": about, "proposal": row})


@require_POST
def open_discussion(request: Request, proposal_id: int) -> HttpResponse:
    """Show a draft to the others."""
    row = get_for(request, "open_discussion", Proposal.objects.visible_to(request.user), pk=proposal_id)
    row.open_discussion(at=timezone.now(), by=request.user)
    return redirect(row)


@require_POST
def comment_on_proposal(request: Request, proposal_id: int) -> HttpResponse:
    """Say something about it; what cannot be said is shown again, so that nothing typed is lost."""
    row = get_for(request, "comment", Proposal.objects.visible_to(request.user), pk=proposal_id)
    form = CommentForm(request.POST)
    if form_succeeded(form, lambda: row.comment(form.cleaned_data["body"], at=timezone.now(), by=request.user)):
        return redirect(f"{row.get_absolute_url()}#discussion")
    return render(request, "governance/proposals/comment.html", {"form": form, "proposal": row})


@require_POST
def send_notice(request: Request, proposal_id: int) -> HttpResponse:
    """Send notice of the vote to every member who may vote."""
    row = get_for(request, "send_notice", Proposal.objects.visible_to(request.user), pk=proposal_id)
    row.send_notice(at=timezone.now(), by=request.user)
    messages.success(request, _("Notice is on its way to every member who may vote."))
    return redirect(row)


@require_POST
def withdraw_proposal(request: Request, proposal_id: int) -> HttpResponse:
    """Take it back before anybody votes."""
    row = get_for(request, "withdraw", Proposal.objects.visible_to(request.user), pk=proposal_id)
    row.withdraw(at=timezone.now(), by=request.user)
    return redirect(row)


@require_POST
def cast_ballot(request: Request, proposal_id: int) -> HttpResponse:
    """Vote, or change one's vote."""
    row = get_for(request, "cast", Proposal.objects.visible_to(request.user), pk=proposal_id)
    ballot = row.cast(request.POST.get("choice", ""), at=timezone.now(), by=request.user)
    messages.success(request, _("Thank you. Your vote is in: %(choice)s.") % {"choice": ballot})
    return redirect(row)


@weighs()
def void_proposal(request: Request, proposal_id: int) -> HttpResponse:
    """Set a vote aside, with a reason."""
    row = get_for(request, "void", Proposal.objects.visible_to(request.user), pk=proposal_id)
    form = VoidForm(request.POST or None)
    if form_succeeded(form, lambda: row.void(at=timezone.now(), by=request.user, note=form.cleaned_data["note"])):
        return redirect(row)
    return render(request, "governance/proposals/void.html", {"form": form, "proposal": row})


def members_only(request: Request, perm: str) -> None:
    """To everybody else there is no such page."""
    if not request.user.has_perm(perm):
        raise Http404


def _subject_of(row: Proposal) -> Subject | None:
    first = row.changes.order_by("pk").first()
    return subject(first.policy) if first else None
