"""Tables that people bring as comma-separated values, as spreadsheets write them: read whole, or refused in words.

Of a file nothing is kept: its text goes with the page that shows what is in it, and comes back with the yes.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from typing import Any

from django import forms
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coop.errors import Refusal
from coop.policies import Text
from coop.typed.folding import folded
from coop.typed.text import one_line
from coop.web.csv_export import BEGINS_A_FORMULA

MOST_BYTES = 500_000
"""How large a file may be: some 5,000 lines of a household each."""
MOST_SHOWN = 50
"""How many wrong lines a page names."""
MOST_BEFORE = 10
"""How many tables that were imported before a page lists."""
MOST_OF_A_CELL = 60
"""How many letters of a wrong cell a page repeats."""
DELIMITERS = ",;\t"
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How a file of a spreadsheet itself begins."""
REMARK = "#"
"""Lines that begin so are words for people, as in the files that we offer to fill in."""


@dataclass(frozen=True)
class Column:
    """A column by its key, which is the name of its field; what it is called and what belongs there, for people."""

    key: str
    name: Text
    about: Text
    example: str = ""
    needed: bool = False

    def names(self) -> set[str]:
        """By what it is known: its key, and its name in each language, folded."""
        found = {folded(self.key)}
        for language, _label in settings.LANGUAGES:
            with translation.override(language):
                found.add(folded(str(self.name)))
        return found


@dataclass(frozen=True)
class Row:
    """One line of the table as it was typed, by the keys of its columns; `line` is the number in the file."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Problem:
    """What cannot be taken: in which line and column, what stands there, and why not."""

    line: int
    column: str
    typed: str
    why: str


@dataclass(frozen=True)
class Table:
    """All lines of a file, and what is wrong with them as lines."""

    rows: list[Row]
    problems: list[Problem]


def _is_remark(cells: list[str]) -> bool:
    """As in our sheets, where a space follows. A line that begins with an apartment #3 is none."""
    return cells[0].startswith(REMARK) and not (cells[0][1:2].isalnum() and any(cells[1:]))


def _is_unclear(cells: list[str]) -> bool:
    """Could it be a remark, or somebody whose line counts? Apartments have numbers."""
    return cells[0].startswith(REMARK) and not cells[0][1:2].isdigit()


def empty_sheet(columns: Sequence[Column]) -> tuple[list[list[str]], list[str]]:
    """A table to fill in, as lines and header: below its names what belongs there, and an example, as remarks."""
    about = [str(column.about) for column in columns]
    examples = [column.example for column in columns]
    return [[REMARK + " " + line[0], *line[1:]] for line in (about, examples)], [str(one.name) for one in columns]


def text_of(data: bytes) -> str:
    """The text of a file in UTF-8, with its mark or without; a Refusal says how to save it otherwise."""
    if data.startswith(WORKBOOKS):
        raise Refusal(_("This is a file of a spreadsheet. Please save it there as “CSV UTF-8”, and send that one."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        text, line = "\0", data.count(b"\n", 0, wrong.start) + 1
    else:
        line = 1
    if "\0" in text:
        told = _("We cannot read the letters from line %(line)d on. Please save the table as “CSV UTF-8”.")
        raise Refusal(told % {"line": line})
    return text


def read(text: str, columns: Sequence[Column], *, most_rows: int) -> Table:
    """The table in a text. Refused as a whole if it has no header that we know, or too many lines."""
    known = {name: column.key for column in columns for name in column.names()}
    lines = _lines(text, _delimiter(text, known))
    header = next(lines, (1, []))[1]
    if not any(header):
        raise Refusal(_("There is nothing in this file."))
    keys = _keys(header, known, columns)
    found = list(islice(lines, most_rows + 1))
    if len(found) > most_rows:
        raise Refusal(_("These are more than %(most)d lines. Please send them in parts.") % {"most": most_rows})
    table = Table([], [])
    for line, cells in found:
        if beyond := next((cell for key, cell in _beside(keys, cells) if cell and not key), ""):
            why = _("There is more on this line than there are columns. A comma inside a cell needs quotation marks.")
            table.problems.append(Problem(line, "", beyond[:MOST_OF_A_CELL], why))
        if _is_unclear(cells):
            why = _("A remark has a space after the #. Without one we cannot tell whether this line counts.")
            table.problems.append(Problem(line, "", cells[0][:MOST_OF_A_CELL], why))
            continue
        table.rows.append(Row(line, {key: cell for key, cell in _beside(keys, cells) if key}))
    return table


def faults(row: Row, form: forms.Form, columns: Sequence[Column]) -> Iterator[Problem]:
    """What the form of a row says against it, column by column."""
    names = {column.key: str(column.name) for column in columns}
    for field, errors in form.errors.items():
        typed = row.cells.get(field, "")[:MOST_OF_A_CELL]
        yield Problem(row.line, names.get(field, ""), typed, str(errors[0]))


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda one: one.line)


def _delimiter(text: str, known: dict[str, str]) -> str:
    """What stands between the cells: what makes of the first line most columns that we know."""
    first = next((line for line in StringIO(text) if line.strip() and not line.startswith("sep=")), "")
    return max(DELIMITERS, key=lambda one: sum(folded(cell.strip(' "\r\n')) in known for cell in first.split(one)))


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each line that says something, with the number of where it begins."""
    reader, begins = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True), 1
    try:
        for raw in reader:
            cells = [_cell(one) for one in raw]
            if any(cells) and not _is_remark(cells) and not cells[0].startswith("sep="):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as wrong:
        told = _("From line %(line)d on we cannot tell the cells apart: a quotation mark is missing or too many.")
        raise Refusal(told % {"line": begins}) from wrong


def _cell(typed: str) -> str:
    """On one line; without the `'` that our own files put before what a spreadsheet would reckon with."""
    text = one_line(typed)
    return text[1:] if text.startswith("'") and text[1:].startswith(BEGINS_A_FORMULA) else text


def _keys(header: list[str], known: dict[str, str], columns: Sequence[Column]) -> list[str]:
    """The key of each column of a header; empty for one without a name."""
    keys = [known.get(folded(name), "") for name in header]
    names = ", ".join(str(column.name) for column in columns)
    for name, key in zip(header, keys, strict=True):
        if name and not key:
            told = _("There is no column “%(name)s”. These are the columns: %(names)s.")
            raise Refusal(told % {"name": name[:MOST_OF_A_CELL], "names": names})
        if key and keys.count(key) > 1:
            raise Refusal(_("The column “%(name)s” is there twice.") % {"name": name[:MOST_OF_A_CELL]})
    missing = [str(column.name) for column in columns if column.needed and column.key not in keys]
    if missing:
        told = _("These columns are missing from the first line: %(names)s.")
        raise Refusal(told % {"names": ", ".join(missing)})
    return keys


def _beside(keys: list[str], cells: list[str]) -> list[tuple[str, str]]:
    """Each cell with its key; what is left out is empty, what is beyond the header has no key."""
    width = max(len(keys), len(cells))
    return list(zip(keys + [""] * (width - len(keys)), cells + [""] * (width - len(cells)), strict=True))


class TableForm(forms.Form):
    """A file, or what the page before has read of one."""

    file = forms.FileField(
        label=gettext_lazy("The file"),
        help_text=gettext_lazy("Comma-separated values in UTF-8, at most half a megabyte. We do not keep it."),
        allow_empty_file=True,
        error_messages=dict.fromkeys(["required", "missing", "invalid"], gettext_lazy("Please choose a file.")),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    kept = forms.CharField(required=False, strip=False, max_length=MOST_BYTES, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        """`data` is what was sent, None for a page that is only looked at."""
        super().__init__(data, None if data is None else files, **kwargs)
        if self.data.get("kept"):
            self.fields["file"].required = False

    def clean(self) -> dict[str, Any]:
        sent = self.cleaned_data.get("file")
        if sent and sent.size > MOST_BYTES:
            self.add_error("file", _("This file is larger than half a megabyte. Please send it in parts."))
        elif sent:
            try:
                self.cleaned_data["kept"] = text_of(sent.read())
            except Refusal as refusal:
                self.add_error("file", str(refusal))
        return self.cleaned_data

    @property
    def text(self) -> str:
        found: str = self.cleaned_data["kept"]
        return found
