"""The stylesheet: a small file a component to read and to change, one file of all of them to send.

Each file is a round trip, and on a slow line a round trip is most of the wait. They are joined when static files are
collected; while one works on them, a page links to each.
"""

from collections.abc import Iterator
from typing import Any

from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

SHEETS = tuple(
    f"css/{name}.css"
    for name in (
        *("tokens", "base", "layout", "frame", "tabs", "messages", "card", "button", "form", "choice", "chip"),
        *("table", "definition", "empty", "steps", "split", "turns", "vote", "ballot", "hours", "spotlight", "week"),
        *("print", "visit", "booking", "checklist", "weekly", "home", "door", "key"),
    )
)
"""In the order in which they hold."""
TOGETHER = "css/all.css"


def sheets() -> tuple[str, ...]:
    """What a page links to."""
    found: tuple[str, ...] = getattr(staticfiles_storage, "sheets", SHEETS)
    return found


class TogetherStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Files with names by their contents, small versions beside them, and all stylesheets in one."""

    sheets = (TOGETHER,)

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if not dry_run and set(SHEETS) <= set(paths):
            self.delete(TOGETHER)
            self.save(TOGETHER, ContentFile("".join(self._text(*paths[sheet]) for sheet in SHEETS)))
            paths[TOGETHER] = (self, TOGETHER)
        yield from super().post_process(paths, dry_run, **options)

    @staticmethod
    def _text(storage: Any, path: str) -> str:
        with storage.open(path) as sheet:
            return str(sheet.read().decode())
