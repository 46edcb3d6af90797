"""Addresses of this folder."""

from django.urls import path

from members.credentials import views

urlpatterns = [
    path("me/certificates/new", views.show_evidence, name="show_evidence"),
    path("certificates", views.certificates, name="certificates"),
    path("certificates/new", views.write_down_certificate, name="write_down_certificate"),
    path("certificates/<int:evidence_id>", views.evidence, name="evidence"),
    path("certificates/<int:evidence_id>/picture", views.evidence_picture, name="evidence_picture"),
    path("certificates/<int:evidence_id>/yes", views.accept_evidence, name="accept_evidence"),
    path("certificates/<int:evidence_id>/no", views.refuse_evidence, name="refuse_evidence"),
    path("certificates/<int:evidence_id>/withdrawal", views.withdraw_evidence, name="withdraw_evidence"),
    path("certificates/held/<int:credential_id>/end", views.end_credential, name="end_credential"),
    path("certificates/kinds", views.certificate_kinds, name="certificate_kinds"),
    path("certificates/kinds/new", views.add_certificate_kind, name="add_certificate_kind"),
    path("certificates/kinds/<slug:code>", views.change_certificate_kind, name="change_certificate_kind"),
]
