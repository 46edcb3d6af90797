"""Where the money offices look something up in the books."""

from django.utils.translation import gettext_lazy as _

from coop.web.places import Group, Place, register

register(
    Place("find_entries", _("Find in the books"), Group.MONEY, "payouts.inspect_books"),
    Place("trial_balance", _("Balance of all accounts"), Group.MONEY, "payouts.inspect_books"),
)
