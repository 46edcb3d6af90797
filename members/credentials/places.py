"""Where certificates are kept and checked."""

from django.utils.translation import gettext_lazy as _

from coop.web.places import Group, Place, Waiting, Waits, register, register_waiting
from members.credentials.evidence import Evidence
from members.people.users import User


def _to_check(user: User) -> Waits:
    found = Evidence.objects.visible_to(user).exclude(member=user.membership).waiting().light()
    return Waits.oldest_first(list(found), "sent_at")


register(
    Place("certificates", _("Certificates"), Group.MEMBERSHIP, "members.keep_certificates"),
)

register_waiting(
    Waiting("certificates", _("Certificates to check"), "members.read_certificates", _to_check),
)
