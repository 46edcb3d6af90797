"""Who asks for a new way into the account of somebody else."""

from rules.permissions import add_perm
from rules.predicates import predicate

from members.people.users import User
from members.rules import holds

OFFICES = ("membership", "board", "coordinator")


@predicate  # type: ignore[untyped-decorator]
def somebody_else(user: User, person: User | None) -> bool:
    """Nobody does this for themselves."""
    return person is None or person.pk != user.pk


add_perm("members.recover_user", holds(*OFFICES) & somebody_else)
