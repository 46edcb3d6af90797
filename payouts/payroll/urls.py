"""Addresses of this folder."""

from django.urls import path

from payouts.payroll import earnings_views, payrun_views
from payouts.payroll.statements.views import statement_pdf

urlpatterns = [
    path("earnings", earnings_views.earnings, name="earnings"),
    path("earnings/bank", earnings_views.start_onboarding, name="start_onboarding"),
    path("earnings/bank/done", earnings_views.onboarding_done, name="onboarding_done"),
    path("earnings/<int:run_id>", earnings_views.statement, name="statement"),
    path("earnings/<int:run_id>/statement.pdf", statement_pdf, name="statement_pdf"),
    path("pay-runs", payrun_views.pay_runs, name="pay_runs"),
    path("pay-runs/drafts", payrun_views.draft_pay_run, name="draft_pay_run"),
    path("pay-runs/<int:run_id>", payrun_views.pay_run, name="pay_run"),
    path("pay-runs/<int:run_id>/approval", payrun_views.approve_pay_run, name="approve_pay_run"),
    path("pay-runs/<int:run_id>/wages", payrun_views.export_pay_run, name="export_pay_run"),
    path("pay-runs/<int:run_id>/sending-back", payrun_views.send_back_pay_run, name="send_back_pay_run"),
]
