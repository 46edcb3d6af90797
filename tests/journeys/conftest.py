"""What the journeys begin with: a co-op that has just opened."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.stack import Stack, from_nothing, story

NEW_YORK = ZoneInfo("America/New_York")
OPENING_DAY = datetime(2026, 5, 6, 10, tzinfo=NEW_YORK)
"""A Wednesday morning in spring."""


@pytest.fixture
def stack(django_db_blocker: DjangoDbBlocker) -> Iterator[Stack]:
    with django_db_blocker.unblock(), story("journey", starts=OPENING_DAY) as running:
        yield running


@pytest.fixture
def nothing_yet(django_db_blocker: DjangoDbBlocker) -> Iterator[Stack]:
    """A machine that was set up this morning, and nobody in it."""
    with django_db_blocker.unblock(), from_nothing("journey", starts=OPENING_DAY) as running:
        yield running
