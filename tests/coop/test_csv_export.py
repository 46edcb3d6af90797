"""Files for a spreadsheet: what people typed is shown there and never reckoned with."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coop.web.csv_export import download, sheet


def read(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text, newline="")))


def test_rows_stand_below_their_header() -> None:
    assert sheet([["Ana R.", 90, None], ["Bo, L.", -5, 0.5]], ["name", "minutes", "note"]) == (
        'name,minutes,note\r\nAna R.,90,\r\n"Bo, L.",-5,0.5\r\n'
    )


@pytest.mark.parametrize("begins", ["=1+1", "+1", "-1", "@sum", "\tx", "\rx", "\nx", "＝1"])
def test_a_text_that_begins_like_a_formula_stays_a_text(begins: str) -> None:
    assert read(sheet([[begins]], [begins])) == [[f"'{begins}"], [f"'{begins}"]]


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=2)))
def test_what_is_read_is_what_was_written_but_for_the_mark_before_formulas(rows: list[list[str]]) -> None:
    found = read(sheet(rows, ["a", "b"]))[1:]
    assert [[cell.removeprefix("'") for cell in row] for row in found] == [
        [cell.removeprefix("'") for cell in row] for row in rows
    ]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in found for cell in row)


def test_a_download_has_a_name_and_keeps_its_accents() -> None:
    response = download("año\r\n", name="hours.csv")
    assert response["Content-Disposition"] == 'attachment; filename="hours.csv"'
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response.content.decode("utf-8-sig") == "año\r\n"
