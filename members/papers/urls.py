"""Addresses of this folder."""

from django.urls import path

from members.papers import views

urlpatterns = [
    path("papers", views.papers, name="papers"),
    path("papers/new", views.add_paper, name="add_paper"),
    path("papers/<int:paper_id>", views.paper, name="paper"),
    path("papers/<int:paper_id>/file", views.paper_file, name="paper_file"),
    path("papers/<int:paper_id>/later", views.replace_paper, name="replace_paper"),
    path("papers/<int:paper_id>/removal", views.remove_paper, name="remove_paper"),
]
