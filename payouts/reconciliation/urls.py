"""Addresses of this folder."""

from django.urls import path

from payouts.reconciliation import take_back_views, views
from payouts.reconciliation.bank import bank_views
from payouts.reconciliation.disputes import dispute_views

urlpatterns = [
    path("books/reconciliation", views.reconciliation, name="reconciliation"),
    path("books/reconciliation/comparison", views.compare_again, name="compare_again"),
    path("books/reconciliation/movements/<int:movement_id>", views.movement, name="movement"),
    path("books/reconciliation/movements/<int:movement_id>/explanation", views.explain, name="explain"),
    path("books/reconciliation/bank", bank_views.read_bank_file, name="read_bank_file"),
    path("books/reconciliation/bank/<int:line_id>", bank_views.match_line, name="match_line"),
    path("books/reconciliation/bank/<int:line_id>/release", bank_views.let_go_line, name="let_go_line"),
    path("disputes", dispute_views.disputes, name="disputes"),
    path("disputes/<int:dispute_id>", dispute_views.dispute, name="dispute"),
    path("disputes/<int:dispute_id>/answer", dispute_views.answer_dispute, name="answer_dispute"),
    path("disputes/<int:dispute_id>/bearer", dispute_views.let_bear_dispute, name="let_bear_dispute"),
    path("pay-runs/payouts/<int:payout_id>/taking-back", take_back_views.take_back_payout, name="take_back_payout"),
    path("pay-runs/taken-back/<int:take_back_id>", take_back_views.retry_take_back, name="retry_take_back"),
    path("pay-runs/taken-back/<int:take_back_id>/end", take_back_views.give_up_take_back, name="give_up_take_back"),
]
