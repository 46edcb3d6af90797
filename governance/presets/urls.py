"""Addresses of this folder."""

from django.urls import path

from governance.presets import views

urlpatterns = [
    path("rules/to-begin-with", views.presets, name="presets"),
    path("rules/to-begin-with/<slug:key>", views.choose_preset, name="choose_preset"),
]
