"""The cast: a few people whom every test knows by name."""

import gc
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from typing import Any

import pytest
import time_machine
from django.conf import settings as ours
from django.core.cache import cache
from django.db import connection, transaction
from django.test import TransactionTestCase, override_settings
from hypothesis import settings
from pytest_django.plugin import DjangoDbBlocker
from stripe import HTTPClient

from coop import valkey
from members.models import Member, User
from payouts.sandbox import Sandbox
from payouts.stripe import calls
from tests import databases, house, make
from tests.browsers import Browser
from tests.house import House
from tests.proofs import rounds
from tests.stack import HELPER

ours.CACHES["default"]["KEY_PREFIX"] += HELPER  # helpers share a server, and each counts for itself
settings.register_profile("here", max_examples=rounds(100, short=30), deadline=None)
settings.load_profile("here")
HOUSE, RESTORED = f"house_{HELPER}", f"restored_{HELPER}"


def pytest_collection_finish() -> None:
    """What was imported stays to the end: nobody looks through it for rubbish again and again, nor for each page."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(autouse=True)
def nobody_was_here_before() -> None:
    """What was counted for limits (codes asked for, tries) in an earlier test does not count in this one.

    Nor does a server that did not answer there.
    """
    valkey.breaker.close()
    calls.line.close()
    cache.clear()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """The tests' database begins as a copy of the migrated one (`tests.services`).

    Tests have few rows, so to think about the order of joins takes longer than any order; benchmarks have many.
    On a busy machine everything takes longer than a page may.
    """
    connection.settings_dict["TEST"].update(TEMPLATE=databases.MIGRATED, MIGRATE=False)
    if not any("benchmarks" in argument for argument in request.config.args):
        connection.settings_dict["OPTIONS"]["options"] += " -c join_collapse_limit=1 -c from_collapse_limit=1"
        connection.settings_dict["OPTIONS"]["options"] += " -c lock_timeout=60s -c statement_timeout=60s"


@pytest.fixture(autouse=True, scope="session")
def nobody_waits_to_ask_stripe_again() -> Iterator[None]:
    """What Stripe's client asks again after a lost reply it asks at once; it would wait for up to two seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(HTTPClient, "INITIAL_DELAY", 0.01)
        patch.setattr(HTTPClient, "MAX_DELAY", 0.02)
        yield


@pytest.fixture(autouse=True, scope="session")
def what_was_committed_goes_with_its_database() -> Iterator[None]:
    """After a test with transactions of its own comes a new copy: quicker than emptying, and as full as at first."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _test: databases.renew())
        yield


@pytest.fixture
def client() -> Browser:
    """Somebody's browser, not signed in."""
    return Browser()


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


@pytest.fixture(scope="session")
def built(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[House, Sandbox]]:
    """The whole house in a database of its own, with a Stripe of its own, built once for all tests."""
    with django_db_blocker.unblock(), databases.another(HOUSE), Sandbox.running() as stripe:
        with at_nine_in_the_house(stripe), transaction.atomic():
            whole = house.build()
            connection.run_on_commit.clear()  # nobody works there
        yield whole, stripe


@contextmanager
def at_nine_in_the_house(stripe: Sandbox, database: str = HOUSE) -> Iterator[None]:
    """It is nine o'clock, and what is asked is asked of the house (or of another database) and its Stripe."""
    with ExitStack() as ends:
        ends.enter_context(time_machine.travel(house.NOW, tick=False))
        ends.enter_context(override_settings(STRIPE_API_KEY="sk_test_money", STRIPE_BASE_URL=stripe.url))
        ends.enter_context(databases.spoken_to(database))
        yield


@pytest.fixture(scope="module")
def standing(built: tuple[House, Sandbox], django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    """The house for all tests of a file that leave it as it is.

    It is nine o'clock there as long as the file lasts.
    """
    whole, stripe = built
    with django_db_blocker.unblock(), at_nine_in_the_house(stripe), house.undone():
        yield deepcopy(whole)


@pytest.fixture
def home(standing: House, db: None) -> House:
    """The same house for a test that changes it: what it does there is undone after it."""
    return deepcopy(standing)
