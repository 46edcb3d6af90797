"""Addresses of this room, folder by folder."""

from django.urls import include, path

from coop.rooms import pieces
from governance.folders import FOLDERS

urlpatterns = [path("", include(module)) for module in pieces("governance", FOLDERS, "urls")]
