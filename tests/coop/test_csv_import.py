"""Tables as spreadsheets write them, and as nobody should: read, or refused in words."""

import pytest

from coop.errors import Refusal
from coop.web.csv_export import sheet
from coop.web.csv_import import Column, Row, read, text_of

COLUMNS = (Column("name", "name", "", needed=True), Column("zip", "ZIP code", ""))
ANA = [Row(2, {"name": "Ana Núñez", "zip": "11215"})]


def rows(data: bytes | str) -> list[Row]:
    table = read(text_of(data.encode() if isinstance(data, str) else data), COLUMNS, most_rows=5)
    assert table.problems == []
    return table.rows


@pytest.mark.parametrize(
    "data",
    [
        "name,ZIP code\nAna Núñez,11215\n",
        "name;ZIP code\r\nAna Núñez;11215\r\n",
        "name\tzip\rAna Núñez\t11215",
        "\ufeffName,zip code\nAna Núñez,11215",
        '"name","ZIP code"\n"Ana Núñez","11215"\n,\n\n',
        "zip_code,NAME,,\n11215,  Ana\u200b Núñez ,,".replace("zip_code", "zip"),
        'name,zip\n"Ana\nNúñez",11215',
    ],
    ids=["commas", "semicolons", "tabs", "marked", "quoted", "wide", "broken-line"],
)
def test_every_way_in_which_spreadsheets_write_is_read(data: str) -> None:
    assert rows(data) == ANA


def test_a_line_has_the_number_that_the_file_gives_it() -> None:
    said = 'sep=;\nname;zip\n# words;for people\n"a\nb";1\n;\nAna;2\n'
    assert [row.line for row in rows(said)] == [4, 7]


def test_an_apartment_with_a_number_sign_is_no_remark_and_what_is_unclear_is_named() -> None:
    said = "zip,name\n#3,Ana\n# 4,words\n#words\n#Jo,Bo\n"
    table = read(said, COLUMNS, most_rows=5)
    assert table.rows == [Row(2, {"zip": "#3", "name": "Ana"})]
    assert [(one.line, one.typed) for one in table.problems] == [(5, "#Jo")]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("name\nNúñez".encode("latin-1"), "line 2"),
        ("name\nNúñez".encode("utf-16"), "CSV UTF-8"),
        (b"PK\x03\x04 a workbook", "file of a spreadsheet"),
        (b"name\n\0", "CSV UTF-8"),
        (b"", "nothing in this file"),
        (b"\n\n", "nothing in this file"),
        (b"zip\n11215", "missing from the first line: name"),
        (b"name,zip,name\nAna", "there twice"),
        (b"name,door code\nAna,1", "no column"),
        (b'name\n"Ana', "From line 2 on"),
        (b"name\n" + b"x" * 200_000, "From line 2 on"),
        (b"name\n" + b"Ana\n" * 6, "more than 5 lines"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(data: bytes, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        rows(data)


def test_more_cells_than_columns_are_named() -> None:
    (problem,) = read("name,zip\nLee, Jordan,11215", COLUMNS, most_rows=5).problems
    assert (problem.line, problem.typed) == (2, "11215")


def test_what_our_own_files_guard_comes_back_as_it_was() -> None:
    names = ["=cmd|' /C calc'!A0", "+1 718 555 0134", "-2+3", "@SUM(A1)", "O'Brien", "'quoted'"]
    assert [row.cells["name"] for row in rows(sheet([[one] for one in names[:5]], ["name"]))] == names[:5]
