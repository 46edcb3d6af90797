"""Words as people mean them: without accents, case, apostrophes and spaces, so that what is meant is found."""

import unicodedata
from typing import Any

from django.db.models import Field, Q, TextField, Transform

MARKS = ("\u0300", "\u036f")
"""An accent once it stands apart from its letter: the first and the last."""
LETTERS = {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i"}
"""Letters that do not come apart into one and its mark."""
UNSEEN = " \t\u00a0\u200b'’‘ʼ`´\".,-–"
"""What people leave out or type otherwise."""


def folded(text: str) -> str:
    """The text as `Folded` has it in the database: Núñez-O’Brien is nunezobrien."""
    apart = unicodedata.normalize("NFKD", text.lower())
    whole = "".join(LETTERS.get(letter, letter) for letter in apart if not MARKS[0] <= letter <= MARKS[1])
    return whole.translate(dict.fromkeys(map(ord, UNSEEN)))


def has_words(column: str, wanted: str) -> Q:
    """Rows whose column has all these words, in whatever order and however they are written; of no words, none."""
    words = [word for word in map(folded, wanted.split()) if word]
    found = Q(pk__in=[]) if not words else Q()
    for word in words:
        found &= Q(**{f"{column}__folded__contains": word})
    return found


@Field.register_lookup
class Folded(Transform):
    """`name__folded__contains`: the column as `folded` has it. No index serves it: people and streets are few."""

    lookup_name = "folded"
    output_field = TextField()

    def as_sql(self, compiler: Any, connection: Any, *_more: Any, **_extra: Any) -> tuple[str, tuple[str | int, ...]]:
        column, params = compiler.compile(self.source_expressions[0])
        apart = f"regexp_replace(normalize(lower({column}), NFKD), %s, '', 'g')"
        letters = "".join(LETTERS) + UNSEEN
        marks, instead = f"[{MARKS[0]}-{MARKS[1]}]", "".join(LETTERS.values())
        return f"translate({apart}, %s, %s)", (*params, marks, letters, instead)
