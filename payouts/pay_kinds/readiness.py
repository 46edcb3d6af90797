"""What has to be said before anybody is paid."""

from django.utils.translation import gettext_lazy as _

from coop.readiness.needs import Need, register
from members.models import Role
from payouts.pay_kinds.pay_kinds import PayKind

register(
    Need(
        "pay_kind",
        _("Nobody has said how members are paid."),
        _("Say how newcomers are paid: an owner's draw, as contractors, or wages. Without that nobody can be paid."),
        PayKind.objects.usual().exists,
        address="say_usual_pay_kind",
        offices=(Role.Kind.TREASURER, Role.Kind.MEMBERSHIP),
    )
)
