"""Addresses of setting up."""

from django.urls import path

from members.founding import views

urlpatterns = [
    path("setup", views.readiness, name="readiness"),
    path("setup/<str:key>", views.found_coop, name="found_coop"),
]
