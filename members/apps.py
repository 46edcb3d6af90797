"""What this app registers when Django starts."""

from coop import rooms
from members.folders import FOLDERS


class MembersConfig(rooms.Room):
    name = "members"
    folders = FOLDERS
