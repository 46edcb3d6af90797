"""The table of what each office may do says what is so: whoever has an office may do exactly that of it."""

import pytest
from rules.permissions import perm_exists

from members.models import Role
from members.offices.bundles import BUNDLES
from members.offices.words import OFFICES
from tests import make
from tests.bookings.stage import signed_in, words

pytestmark = pytest.mark.django_db


def test_each_office_may_do_what_its_bundles_say_and_nothing_of_the_others() -> None:
    perms = {perm for bundle in BUNDLES.values() for perm in bundle.perms}
    assert [perm for perm in perms if not perm_exists(perm)] == []
    for kind in Role.Kind:
        user = make.member(hours=None, roles=[kind]).user
        may = {perm for perm in perms if user.has_perm(perm)}
        assert may == {perm for bundle in BUNDLES.values() if kind in bundle.offices for perm in bundle.perms}, kind


def test_every_office_has_some_and_the_page_shows_them() -> None:
    page = words(signed_in(make.member(hours=None)).get("/offices"))
    assert [kind for kind, _words in OFFICES if not any(kind in bundle.offices for bundle in BUNDLES.values())] == []
    assert [str(bundle.words) for bundle in BUNDLES.values() if str(bundle.words) not in page] == []
