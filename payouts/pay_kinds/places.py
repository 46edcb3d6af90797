"""Where it is said how members are paid."""

from django.utils.translation import gettext_lazy as _

from coop.web.places import Group, Place, register

register(
    Place("pay_kinds", _("How members are paid"), Group.MONEY, "payouts.read_pay_kinds"),
)
