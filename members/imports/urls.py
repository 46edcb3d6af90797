"""Addresses of this folder."""

from django.urls import path

from members.imports import views

urlpatterns = [
    path("setup/members/import", views.import_members, name="import_members"),
    path("setup/members/import/sheet", views.member_sheet, name="member_sheet"),
]
