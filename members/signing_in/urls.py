"""Addresses of this folder."""

from django.urls import path

from members.signing_in.language import set_language

urlpatterns = [
    path("language", set_language, name="set_language"),
]
