"""The looks of the house: every file is sent, in its order, and in one piece where it is collected."""

from pathlib import Path

from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage

from coop.web.stylesheets import SHEETS, TOGETHER, TogetherStorage

CSS = Path(__file__).parents[2] / "coop" / "static" / "css"


def test_no_file_is_forgotten() -> None:
    assert sorted(SHEETS) == sorted(f"css/{path.name}" for path in CSS.glob("*.css"))


def test_collected_they_are_one_in_their_order(tmp_path: Path) -> None:
    storage = TogetherStorage(location=tmp_path, base_url="/static/")
    paths = {sheet: (FileSystemStorage(location=CSS.parent), sheet) for sheet in SHEETS}
    for sheet in SHEETS:
        storage.save(sheet, paths[sheet][0].open(sheet))
    list(storage.post_process(paths))
    together = tmp_path / storage.stored_name(TOGETHER)
    assert together.read_text() == "".join((CSS.parent / sheet).read_text() for sheet in SHEETS)
    assert together.with_name(f"{together.name}.br").exists()
    assert storage.sheets == (TOGETHER,)


def test_none_is_missing_where_pages_look_for_them() -> None:
    assert [sheet for sheet in SHEETS if finders.find(sheet) is None] == []
