"""Addresses of this folder."""

from django.urls import path

from governance.proposals import views

urlpatterns = [
    path("votes", views.proposals, name="proposals"),
    path("votes/new", views.propose, name="propose"),
    path("votes/<int:proposal_id>", views.proposal, name="proposal"),
    path("votes/<int:proposal_id>/revision", views.revise_proposal, name="revise_proposal"),
    path("votes/<int:proposal_id>/discussion", views.open_discussion, name="open_discussion"),
    path("votes/<int:proposal_id>/comments", views.comment_on_proposal, name="comment_on_proposal"),
    path("votes/<int:proposal_id>/notice", views.send_notice, name="send_notice"),
    path("votes/<int:proposal_id>/withdrawal", views.withdraw_proposal, name="withdraw_proposal"),
    path("votes/<int:proposal_id>/ballot", views.cast_ballot, name="cast_ballot"),
    path("votes/<int:proposal_id>/voiding", views.void_proposal, name="void_proposal"),
]
