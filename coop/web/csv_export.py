"""Tables to take along as a file of comma-separated values, which opens in any spreadsheet and runs nothing there."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from django.http import HttpResponse

BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A spreadsheet reckons with a text that begins so, instead of showing it (OWASP, CSV injection)."""
MARK = "\ufeff"
"""Tells Excel that the letters are UTF-8, so that accents stay accents."""


def sheet(rows: Iterable[Sequence[object]], header: Sequence[str]) -> str:
    """The rows below their header, one a line. Text that a spreadsheet would take for a formula gets a `'` before it.

    Numbers stay numbers; None is an empty cell.
    """
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow([_cell(name) for name in header])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: object) -> object:
    if value is None or isinstance(value, int | float):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(BEGINS_A_FORMULA) else text


def download(text: str, *, name: str) -> HttpResponse:
    """A sheet as a file of this name."""
    response = HttpResponse(MARK + text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
