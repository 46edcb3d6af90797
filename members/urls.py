"""Addresses of this room."""

from django.urls import path

from members.language import set_language

urlpatterns = [
    path("language", set_language, name="set_language"),
]
