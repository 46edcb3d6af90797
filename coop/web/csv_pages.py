"""The page on which a table is brought: looked over first, then all of it is taken, or nothing."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from coop.web.csv_import import MOST_SHOWN, Problem, TableForm
from coop.web.http import Request, form_succeeded

Brought = TypeVar("Brought")


class LookedOver(Protocol):
    """A text as a table, with what cannot be taken."""

    problems: list[Problem]


def table_page(
    request: Request, *, look: Callable[[str], LookedOver], bring: Callable[[str], Brought]
) -> tuple[Brought | None, dict[str, Any]]:
    """What `bring` made of the text, once somebody has said yes; else None, and what the page shows of it.

    The page is a `components/table_page.html`. Both may refuse; then nothing is taken, and it says why.
    """
    form = TableForm(request.POST if request.method == "POST" else None, request.FILES)
    brought: list[Brought] = []
    found: list[LookedOver] = []
    if "import" in request.POST and form_succeeded(form, lambda: brought.append(bring(form.text))):
        return brought[0], {}
    if request.method == "POST" and form.is_valid():
        form_succeeded(form, lambda: found.append(look(form.text)))
    table = found[0] if found else None
    return None, {
        "form": TableForm() if table else form,
        "table": table,
        "problems": table.problems[:MOST_SHOWN] if table else [],
        "more": max(0, len(table.problems) - MOST_SHOWN) if table else 0,
        "yes": TableForm(initial={"kept": form.text}) if table else None,
    }
