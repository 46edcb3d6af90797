"""Decisions that are written down in words of ours: whoever reads them reads their own language."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from coop.policies import Text

FOUNDING = "founding member"
"""By which somebody belongs to the co-op from its first day on."""
SHARED = "shared out by the founders"
"""By which the founders hold their offices."""
OURS: Mapping[str, Text] = {FOUNDING: _("founding member"), SHARED: _("shared out by the founders")}


def in_words(decision: str) -> str:
    """As the reader says it; what people wrote stays as it is."""
    return str(OURS.get(decision, decision))
