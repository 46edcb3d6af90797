"""The cast: a few people whom every test knows by name."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from members.models import Member, User
from payouts.sandbox import Sandbox
from tests import make


@pytest.fixture(autouse=True)
def nobody_was_here_before() -> None:
    """What was counted for limits (codes asked for, tries) in an earlier test does not count in this one."""
    cache.clear()


@pytest.fixture
def ana(db: None) -> Member:
    """A member; she asked for 24 hours a week."""
    return make.member("Ana Reyes", languages=["es", "en"])


@pytest.fixture
def bo(db: None) -> Member:
    """A member, as free as Ana."""
    return make.member("Bo Lindgren")


@pytest.fixture
def cara(db: None) -> Member:
    """A candidate: she works, and does not vote yet."""
    return make.member("Cara Okafor", candidate=True)


@pytest.fixture
def sol(db: None) -> Member:
    """The coordinator. In the office all day: takes no shifts."""
    return make.member("Sol Vega", hours=None, roles=["coordinator"])


@pytest.fixture
def tess(db: None) -> Member:
    """The treasurer. In the office all day: takes no shifts."""
    return make.member("Tess Marin", hours=None, roles=["treasurer"])


@pytest.fixture
def lee(db: None) -> User:
    """One of the Lees, who have their home cleaned."""
    return make.user("Jordan Lee")


@pytest.fixture
def dan(db: None) -> User:
    """Nobody in particular: signed in, and that is all."""
    return make.user("Dan Ortiz")


@pytest.fixture
def sandbox(settings: Any) -> Iterator[Sandbox]:
    """A Stripe of one's own, spoken to over HTTP through the official SDK."""
    with Sandbox.running() as running:
        settings.STRIPE_API_KEY = "sk_test_money"
        settings.STRIPE_BASE_URL = running.url
        yield running
