"""Addresses of this folder."""

from django.urls import path

from payouts.charges import card_views, credit_views, refund_views
from payouts.charges.confirming import confirm_views
from payouts.charges.receipts import receipt_views

urlpatterns = [
    path("bookings/<uuid:token>/card", card_views.save_card, name="save_card"),
    path("bookings/<uuid:token>/card/saved", card_views.card_saved, name="card_saved"),
    path("payments/<str:word>", confirm_views.confirm_payment, name="confirm_payment"),
    path("payments/<str:word>/done", confirm_views.payment_confirmed, name="payment_confirmed"),
    path("gift-cards", credit_views.gift_cards, name="gift_cards"),
    path("gift-cards/<uuid:token>", credit_views.gift_card, name="gift_card"),
    path("gift-cards/<uuid:token>/paid", credit_views.gift_card_paid, name="gift_card_paid"),
    path("credit", credit_views.credit, name="credit"),
    path("welcome/<str:word>", credit_views.invited, name="invited"),
    path("welcome/<str:word>/acceptance", credit_views.accept_invitation, name="accept_invitation"),
    path("visits/<int:visit_id>/receipt", receipt_views.receipt, name="receipt"),
    path("visits/<int:visit_id>/receipt.pdf", receipt_views.receipt_pdf, name="receipt_pdf"),
    path("card", card_views.my_card, name="my_card"),
    path("card/<int:client_id>/replacement", card_views.replace_card, name="replace_card"),
    path("card/<int:client_id>/replaced", card_views.card_replaced, name="card_replaced"),
    path("card/<int:client_id>/removal", card_views.remove_card, name="remove_card"),
    path("receipts", receipt_views.receipts, name="receipts"),
    path("visits/<int:visit_id>/tip", receipt_views.tip, name="tip"),
    path("visits/<int:visit_id>/refunds", refund_views.refund_visit, name="refund_visit"),
    path("office/trouble/refunds/<int:refund_id>", refund_views.retry_refund, name="retry_refund"),
]
