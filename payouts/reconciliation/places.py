"""Where the books are held beside Stripe and the bank."""

from django.utils.translation import gettext_lazy as _

from coop.web.places import Group, Place, register

register(
    Place("reconciliation", _("Books, Stripe and bank"), Group.MONEY, "payouts.see_reconciliation"),
    Place("disputes", _("Disputes"), Group.MONEY, "payouts.see_disputes"),
)
