"""Addresses of this room."""

from django.urls import path

from payouts.views import books, cards, credit, earnings, payruns, receipts, refunds, trouble, webhooks

urlpatterns = [
    path("bookings/<uuid:token>/card", cards.save_card, name="save_card"),
    path("bookings/<uuid:token>/card/saved", cards.card_saved, name="card_saved"),
    path("gift-cards", credit.gift_cards, name="gift_cards"),
    path("gift-cards/<uuid:token>", credit.gift_card, name="gift_card"),
    path("gift-cards/<uuid:token>/paid", credit.gift_card_paid, name="gift_card_paid"),
    path("credit", credit.credit, name="credit"),
    path("welcome/<str:word>", credit.invited, name="invited"),
    path("welcome/<str:word>/acceptance", credit.accept_invitation, name="accept_invitation"),
    path("visits/<int:visit_id>/receipt", receipts.receipt, name="receipt"),
    path("visits/<int:visit_id>/receipt.pdf", receipts.receipt_pdf, name="receipt_pdf"),
    path("card", cards.my_card, name="my_card"),
    path("card/<int:client_id>/replacement", cards.replace_card, name="replace_card"),
    path("card/<int:client_id>/replaced", cards.card_replaced, name="card_replaced"),
    path("card/<int:client_id>/removal", cards.remove_card, name="remove_card"),
    path("receipts", receipts.receipts, name="receipts"),
    path("visits/<int:visit_id>/tip", receipts.tip, name="tip"),
    path("earnings", earnings.earnings, name="earnings"),
    path("earnings/bank", earnings.start_onboarding, name="start_onboarding"),
    path("earnings/bank/done", earnings.onboarding_done, name="onboarding_done"),
    path("earnings/<int:run_id>", earnings.statement, name="statement"),
    path("pay-runs", payruns.pay_runs, name="pay_runs"),
    path("pay-runs/drafts", payruns.draft_pay_run, name="draft_pay_run"),
    path("pay-runs/<int:run_id>", payruns.pay_run, name="pay_run"),
    path("pay-runs/<int:run_id>/approval", payruns.approve_pay_run, name="approve_pay_run"),
    path("pay-runs/<int:run_id>/sending-back", payruns.send_back_pay_run, name="send_back_pay_run"),
    path("books", books.books, name="books"),
    path("office/trouble", trouble.trouble, name="trouble"),
    path("office/trouble/charges/<int:charge_id>", trouble.retry_charge, name="retry_charge"),
    path("office/trouble/charges/<int:charge_id>/collection", trouble.pay_outside_charge, name="pay_outside_charge"),
    path("office/trouble/payouts/<int:payout_id>", trouble.retry_payout, name="retry_payout"),
    path("office/trouble/payouts/<int:payout_id>/outside", trouble.pay_outside, name="pay_outside"),
    path("visits/<int:visit_id>/refunds", refunds.refund_visit, name="refund_visit"),
    path("office/trouble/refunds/<int:refund_id>", refunds.retry_refund, name="retry_refund"),
    path("stripe/webhook", webhooks.stripe_webhook, name="stripe_webhook"),
]
