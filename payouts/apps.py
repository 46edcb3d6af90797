"""This room listens to what the rooms below announce."""

from coop import rooms
from payouts.folders import FOLDERS


class PayoutsConfig(rooms.Room):
    name = "payouts"
    folders = FOLDERS
