"""Addresses of this folder."""

from django.urls import path

from members.recovery import views

urlpatterns = [
    path("people/<int:user_id>/recovery", views.recover_user, name="recover_user"),
    path("account/recovery/<str:token>/stop", views.stop_recovery, name="stop_recovery"),
    path("account/recovery/<str:token>", views.finish_recovery, name="finish_recovery"),
]
