"""Addresses of setting up."""

from django.urls import path

from members.founding import trial_views, views

urlpatterns = [
    path("setup", views.readiness, name="readiness"),
    path("setup/founders", views.invite_founder, name="invite_founder"),
    path("setup/founders/<int:invitation_id>", views.accept_founding, name="accept_founding"),
    path("setup/founders/<int:invitation_id>/withdrawal", views.withdraw_founder, name="withdraw_founder"),
    path("setup/offices", views.share_offices, name="share_offices"),
    path("setup/trials/<slug:key>", trial_views.try_out, name="try_out"),
    path("setup/<str:key>", views.found_coop, name="found_coop"),
]
