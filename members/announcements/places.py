"""Where announcements are read and written."""

from django.utils.translation import gettext_lazy as _

from coop.web.places import Group, Place, register

register(
    Place("announcements", _("Announcements"), Group.AGREED),
    Place("send_announcement", _("Write to members"), Group.MEMBERSHIP, "members.send_announcement"),
)
