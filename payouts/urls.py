"""Addresses of this room, folder by folder."""

from django.urls import include, path

FOLDERS = ("charges", "payroll", "ledger", "trouble", "stripe")

urlpatterns = [path("", include(f"payouts.{folder}.urls")) for folder in FOLDERS]
