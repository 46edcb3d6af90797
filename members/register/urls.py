"""Addresses of this folder."""

from django.urls import path

from members.register import views

urlpatterns = [
    path("me/file", views.my_file, name="my_file"),
    path("members", views.members, name="members"),
    path("members/<int:member_id>", views.member, name="member"),
    path("members/<int:member_id>/skills", views.give_skills, name="give_skills"),
    path("members/<int:member_id>/change", views.change_member, name="change_member"),
]
