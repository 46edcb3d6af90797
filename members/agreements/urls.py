"""Addresses of this folder."""

from django.urls import path

from members.agreements import views

urlpatterns = [
    path("agreements", views.agreements, name="agreements"),
    path("agreements/new", views.add_agreement, name="add_agreement"),
    path("agreements/versions/<int:version_id>", views.agreement_version, name="agreement_version"),
    path("agreements/versions/<int:version_id>/yes", views.accept_agreement, name="accept_agreement"),
    path("agreements/versions/<int:version_id>/back", views.take_back_agreement, name="take_back_agreement"),
    path("agreements/<slug:code>", views.agreement, name="agreement"),
    path("agreements/<slug:code>/new", views.write_agreement, name="write_agreement"),
    path("agreements/<slug:code>/end", views.end_agreement, name="end_agreement"),
    path("agreements/<slug:code>/again", views.take_up_agreement, name="take_up_agreement"),
    path("me/accepted", views.my_acceptances, name="my_acceptances"),
    path("me/accepted/<int:acceptance_id>", views.my_acceptance, name="my_acceptance"),
]
