"""What becomes of the duties of somebody who leaves."""

from collections.abc import Iterator
from datetime import date, datetime

from django.utils.translation import gettext as _

from members.duties.duties import Duty
from members.people.members import Member
from members.standing.leaving_facts import Place, tells


@tells(Place.OFFICES)
def duties_pass_on(member: Member, gone_on: date, _at: datetime) -> Iterator[str]:
    """Who looks after each from then on, or that nobody does."""
    for duty in Duty.objects.standing().filter(owner=member).light():
        takes_over = duty.deputy if duty.deputy and duty.deputy.means_on(gone_on).acts else None
        about = {"duty": duty.title, "deputy": takes_over.short_name if takes_over else ""}
        if takes_over:
            yield _("From then on %(deputy)s looks after “%(duty)s” for you.") % about
        else:
            yield _("Nobody looks after “%(duty)s” from then on. Please find somebody before.") % about
