"""Spanish is the equal of English: whatever a person can read, they can read in both."""

import re
from collections import Counter
from collections.abc import Iterator
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
ROOMS = ("bookings", "coop", "governance", "members", "payouts")
SPANISH = ROOT / "coop" / "locale" / "es" / "LC_MESSAGES" / "django.po"
LAZY = {f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in ("gettext", "ngettext", "pgettext", "npgettext")}
KEYWORDS = {**DEFAULT_KEYWORDS, **LAZY, "gettext_noop": None}
# What must come back out of a translation as it went in: values, percent signs, and marks of HTML.
FIXED = re.compile(r"%\(\w+\)[sd]|%[sd%]|</?[a-z][^>]*>")

Key = tuple[str, str]  # what the text is about (mostly nothing), and the English


@pytest.fixture(scope="module")
def spanish() -> Catalog:
    """The Spanish catalogue as the translator left it."""
    with SPANISH.open("rb") as file:
        return read_po(file, locale="es")


def test_every_text_has_its_spanish(spanish: Catalog) -> None:
    assert [message.id for message in _texts(spanish) if message.fuzzy or not all(_spoken(message))] == []


def test_every_text_on_the_site_is_in_the_spanish_catalogue(spanish: Catalog) -> None:
    known = {_key(message) for message in _texts(spanish)}
    assert {key: path for key, path in _marked() if key not in known} == {}


def test_nothing_in_the_catalogue_has_left_the_site(spanish: Catalog) -> None:
    marked = {key for key, _ in _marked()}
    assert [_key(message) for message in _texts(spanish) if _key(message) not in marked] == []


def test_what_is_compiled_is_what_was_translated(spanish: Catalog) -> None:
    assert _compiled(SPANISH.with_suffix(".mo").read_bytes()) == _compiled(_compile(spanish))


def test_names_times_and_amounts_survive_the_translation(spanish: Catalog) -> None:
    assert [message.id for message in _texts(spanish) if not _keeps_its_values(message)] == []


def test_spanish_begins_and_ends_like_the_english(spanish: Catalog) -> None:
    """White space at an end glues or parts what stands beside it; a question opens as it closes."""
    assert [said for message in _texts(spanish) for said in _spoken(message) if said != said.strip()] == []
    for opening, closing in ("¿?", "¡!"):
        uneven = [said for m in _texts(spanish) for said in _spoken(m) if said.count(opening) != said.count(closing)]
        assert uneven == []


def _texts(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _spoken(message: Message) -> tuple[str, ...]:
    """Every form of a text in Spanish."""
    return message.string if isinstance(message.string, tuple) else (str(message.string),)


def _compile(catalogue: Catalog) -> bytes:
    target = BytesIO()
    write_mo(target, catalogue)
    return target.getvalue()


def _compiled(program: bytes) -> dict[str | tuple[str, int], str]:
    """What Django reads out of a compiled catalogue, but for its header."""
    texts: dict[str | tuple[str, int], str] = vars(GNUTranslations(BytesIO(program)))["_catalog"]
    return {english: said for english, said in texts.items() if english}


def _key(message: Message) -> Key:
    english = message.id if isinstance(message.id, str) else message.id[0]
    return message.context or "", english


def _keeps_its_values(message: Message) -> bool:
    """Each form of the Spanish has the values of the same form of the English."""
    english = (message.id,) if isinstance(message.id, str) else message.id
    return [Counter(FIXED.findall(text)) for text in english] == [
        Counter(FIXED.findall(text)) for text in _spoken(message)
    ]


def _marked() -> Iterator[tuple[Key, str]]:
    """Every text that code and templates mark as one to translate, and the file it stands in."""
    for path, source in _sources():
        for _line, found, _comments, context in extract("python", BytesIO(source.encode()), keywords=KEYWORDS):
            yield (context or "", found if isinstance(found, str) else found[0]), path


def _sources() -> Iterator[tuple[str, str]]:
    """Each file that can hold texts, as Python; Django turns a template into a line of calls for each of its texts."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), path.read_text()
    for path in sorted([*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.txt")]):
        lines = templatize(path.read_text()).splitlines()
        yield str(path.relative_to(ROOT)), "\n".join(line.strip() for line in lines)
