"""What this app registers when Django starts."""

from coop import rooms
from governance.folders import FOLDERS


class GovernanceConfig(rooms.Room):
    name = "governance"
    folders = FOLDERS
