"""Who may do what the demo can do."""

from typing import Any

from django.conf import settings
from rules.permissions import add_perm
from rules.predicates import predicate

from members.rules import is_member


@predicate  # type: ignore[untyped-decorator]
def is_demonstration(user: Any) -> bool:
    """This is not a real co-op."""
    return bool(settings.DEMO)


add_perm("governance.skip_wait_proposal", is_member & is_demonstration)
