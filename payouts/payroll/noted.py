"""A verb that wants a sentence: it is pressed beside a row, so what is wrong is said at the top of the page."""

from collections.abc import Callable

from django.contrib import messages

from coop.web.http import Request, form_succeeded
from payouts.payroll.forms import NoteForm


def noted(request: Request, verb: Callable[[str], object], *, asks: str) -> None:
    """Run `verb` with the note that was sent. Where there is none, `asks` is said; where it refuses, its words."""
    form = NoteForm(request.POST)
    if not form_succeeded(form, lambda: verb(form.cleaned_data["note"])):
        said = form.non_field_errors()
        messages.warning(request, str(said[0]) if said else asks)
