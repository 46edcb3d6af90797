"""Addresses of the demo."""

from django.urls import path

from coop.dev import views
from coop.dev.demo_links import demo_house, demo_sign_in

urlpatterns = [
    path("demo", demo_house, name="demo_house"),
    path("demo/sign-in/<token>", demo_sign_in, name="demo_sign_in"),
    path("votes/<int:proposal_id>/skipping", views.skip_wait, name="skip_wait"),
]
