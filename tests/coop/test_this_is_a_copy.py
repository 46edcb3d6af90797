"""A copy for trying things out gets a name of its own, and no key that moves real money."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from coop.models import Installation

pytestmark = pytest.mark.django_db


def test_a_copy_gets_a_name_of_its_own_when_somebody_says_so(settings: Any) -> None:
    before = Installation.ours()
    with pytest.raises(CommandError, match="Never run it on a database that was restored"):
        call_command("this_is_a_copy")
    settings.STRIPE_API_KEY = "sk_live_of_the_original"
    with pytest.raises(CommandError, match="real money"):
        call_command("this_is_a_copy", "--yes")
    assert Installation.ours() == before
    settings.PAYMENTS = False
    call_command("this_is_a_copy", "--yes")
    assert Installation.ours() != before
