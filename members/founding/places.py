"""Where the owners see what is still missing, and an office whether what the co-op leans on outside works."""

from django.utils.translation import gettext_lazy as _

from coop.web.places import Group, Place, register

register(Place("readiness", _("What is still missing"), Group.OFFERED, "members.set_up"))
