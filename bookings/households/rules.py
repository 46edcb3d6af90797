"""Who may do what with the people of a household. When it may be done is for the verbs to say."""

from rules.permissions import add_perm
from rules.predicates import predicate

from bookings.households.housemates import HouseholdMember
from members.models import User


@predicate  # type: ignore[untyped-decorator]
def owns_the_household(user: User, who: HouseholdMember | None) -> bool:
    """The client, who invited this person."""
    return who is not None and who.client.user_id == user.pk


@predicate  # type: ignore[untyped-decorator]
def is_the_person(user: User, who: HouseholdMember | None) -> bool:
    """Who was invited."""
    return who is not None and who.is_about(user)


add_perm("bookings.join_householdmember", is_the_person)
add_perm("bookings.leave_householdmember", is_the_person | owns_the_household)
