"""The co-op's papers on pages."""

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coop.web.documents import show_document
from coop.web.http import Request, form_succeeded, get_for, require_perm
from members.papers.forms import FileForm, PaperForm, RemoveForm
from members.papers.papers import Paper
from members.signing_in.step_up import weighs

question = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def papers(request: Request) -> HttpResponse:
    """What holds, by kind, and what was taken away."""
    require_perm(request, "members.read_papers")
    rows = Paper.objects.light()
    gone = rows.filter(state=Paper.State.REMOVED).order_by("-removed_at", "-pk")
    return render(request, "members/papers/papers.html", {"papers": rows.kept(), "gone": gone})


@require_safe
def paper(request: Request, paper_id: int) -> HttpResponse:
    """One of them, with the one before it and the one after it."""
    require_perm(request, "members.read_papers")
    found = get_object_or_404(Paper.objects.light(), pk=paper_id)
    around = Paper.objects.light()
    later, earlier = around.filter(replaces=found).first(), around.filter(replaced_by=found).first()
    return render(request, "members/papers/paper.html", {"paper": found, "later": later, "earlier": earlier})


@require_safe
@never_cache
def paper_file(request: Request, paper_id: int) -> HttpResponse:
    """Its file, for those who belong to the co-op."""
    require_perm(request, "members.read_papers")
    found = get_object_or_404(Paper, pk=paper_id)
    if not found.file:
        raise Http404
    return show_document(found.file, found.type, name=slugify(found.title) or "paper")


@question
def add_paper(request: Request) -> HttpResponse:
    """Put a paper where all members find it."""
    require_perm(request, "members.keep_papers")
    form = PaperForm(_posted(request), request.FILES or None)
    if form_succeeded(form, lambda: Paper.add(**form.said, at=timezone.now(), by=request.user)):
        messages.success(request, _("It is among the papers."))
        return redirect("papers")
    return render(request, "members/papers/form.html", {"form": form})


@question
@weighs(looking=True)
def replace_paper(request: Request, paper_id: int) -> HttpResponse:
    """Put a later one in its place."""
    found = get_for(request, "replace", Paper.objects.light(), pk=paper_id)
    form = FileForm(_posted(request), request.FILES or None, initial={"title": found.title})
    if form_succeeded(form, lambda: found.replace(**form.said, at=timezone.now(), by=request.user)):
        messages.success(request, _("The later one is in its place."))
        return redirect("papers")
    return render(request, "members/papers/form.html", {"form": form, "paper": found})


@question
@weighs()
def remove_paper(request: Request, paper_id: int) -> HttpResponse:
    """Take it away for good."""
    found = get_for(request, "remove", Paper.objects.light(), pk=paper_id)
    form = RemoveForm(_posted(request))
    if form_succeeded(form, lambda: found.remove(**form.cleaned_data, at=timezone.now(), by=request.user)):
        messages.success(request, _("It is taken away, and its file is deleted."))
        return redirect("papers")
    return render(request, "members/papers/remove.html", {"form": form, "paper": found})


def _posted(request: Request) -> QueryDict | None:
    return request.POST if request.method == "POST" else None
