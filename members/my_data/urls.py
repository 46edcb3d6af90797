"""Addresses of this folder."""

from django.urls import path

from members.my_data import views

urlpatterns = [
    path("me/data", views.my_data, name="my_data"),
    path("me/data/export", views.export_data, name="export_data"),
    path("me/data/erasure", views.erase_me, name="erase_me"),
]
