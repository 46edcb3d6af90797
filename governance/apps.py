"""What this app registers when Django starts."""

from typing import TYPE_CHECKING

from django.apps import AppConfig

from coop.web import badges

if TYPE_CHECKING:
    from members.models import User


class GovernanceConfig(AppConfig):
    name = "governance"

    def ready(self) -> None:
        from governance import personal_data

        badges.register("proposals", waiting_votes)
        personal_data.listen()


def waiting_votes(user: "User") -> int:
    """In how many open votes this person may vote and has not."""
    from governance.models import Proposal

    return Proposal.objects.waiting_for(user).count()
