"""Where a list of clients is brought in."""

from django.utils.translation import gettext_lazy as _

from coop.web.places import Group, Place, register

register(Place("import_clients", _("Import clients"), Group.OFFERED, "bookings.import_clients"))
