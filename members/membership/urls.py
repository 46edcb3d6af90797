"""Addresses of this folder."""

from django.urls import path

from members.membership import views

urlpatterns = [
    path("members/<int:member_id>/standing", views.read_standing, name="read_standing"),
    path("members/<int:member_id>/time-away", views.go_on_leave, name="go_on_leave"),
    path("members/<int:member_id>/coming-back", views.come_back_from_leave, name="come_back_from_leave"),
    path("members/<int:member_id>/leaving", views.give_notice, name="give_notice"),
    path("members/<int:member_id>/suspension", views.suspend, name="suspend"),
    path("members/<int:member_id>/reinstatement", views.reinstate_suspended, name="reinstate_suspended"),
    path("members/<int:member_id>/return-as-candidate", views.return_as_candidate, name="return_as_candidate"),
    path("members/<int:member_id>/return-as-member", views.return_as_member, name="return_as_member"),
    path("standings/<int:standing_id>/taking-back", views.take_back, name="take_back"),
    path("reasons-for-leaving", views.leaving_reasons, name="leaving_reasons"),
]
