"""Where an office sees whether what the co-op leans on outside works."""

from django.utils.translation import gettext_lazy as _

from coop.web.places import Group, Place, register

register(Place("readiness", _("Does it work? Mail, text messages, Stripe"), Group.OFFICE, "members.try_out"))
