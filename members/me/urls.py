"""Addresses of this folder."""

from django.urls import path

from members.me import views

urlpatterns = [
    path("me", views.me, name="me"),
]
