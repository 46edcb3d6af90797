"""Addresses of this folder."""

from django.urls import path

from members.looks import views

urlpatterns = [path("me/who-looked", views.who_looked, name="who_looked")]
