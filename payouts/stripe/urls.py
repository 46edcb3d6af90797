"""Addresses of this folder."""

from django.urls import path

from payouts.stripe import webhook_views

urlpatterns = [
    path("stripe/webhook", webhook_views.stripe_webhook, name="stripe_webhook"),
]
