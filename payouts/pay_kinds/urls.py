"""Addresses of this folder."""

from django.urls import path

from payouts.pay_kinds import views

urlpatterns = [
    path("ways-of-paying", views.pay_kinds, name="pay_kinds"),
    path("ways-of-paying/newcomers", views.say_usual_pay_kind, name="say_usual_pay_kind"),
    path("ways-of-paying/mine", views.my_pay_kind, name="my_pay_kind"),
    path("members/<int:member_id>/pay", views.say_pay_kind, name="say_pay_kind"),
]
