"""Where it is said how people reach the co-op."""

from django.utils.translation import gettext_lazy as _

from coop.web.places import Group, Place, register

register(
    Place("contact_facts", _("Our name, and how people reach us"), Group.OFFERED, "members.say_contact"),
)
