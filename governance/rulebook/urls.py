"""Addresses of this folder."""

from django.urls import path

from governance.rulebook import views

urlpatterns = [
    path("rules", views.policies, name="policies"),
]
