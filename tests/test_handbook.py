"""What docs/co-op.md names is there: each heading and button as a page says it, each command, each picture."""

import re

from django.conf import settings
from django.core.management import get_commands
from django.utils.translation import gettext, override

from tests.browser.pictures import BIRTH, PICTURES

TEXT = (settings.BASE_DIR / "docs" / "co-op.md").read_text()


def test_every_name_in_bold_is_what_a_page_says() -> None:
    """Whatever a page says has its words in Spanish; what has none, no page says."""
    bold = {" ".join(words.split()) for words in re.findall(r"\*\*(.+?)\*\*", TEXT, re.DOTALL)}
    with override("es"):
        assert sorted(words for words in bold if gettext(words) == words) == []


def test_every_command_is_one_of_ours() -> None:
    assert set(re.findall(r"manage\.py (\w+)", TEXT)) - get_commands().keys() == set()


def test_every_picture_is_one_that_is_taken() -> None:
    shown = set(re.findall(r"\(pictures/(.+?)\.png\)", TEXT))
    assert shown - PICTURES.keys() - {f"birth-{name}" for name in BIRTH} == set()
    assert {name for name in shown if not (settings.BASE_DIR / "docs" / "pictures" / f"{name}.png").exists()} == set()
