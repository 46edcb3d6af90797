"""Addresses of this folder."""

from django.urls import path

from payouts.trouble import views

urlpatterns = [
    path("office/trouble", views.trouble, name="trouble"),
    path("office/trouble/charges/<int:charge_id>", views.retry_charge, name="retry_charge"),
    path("office/trouble/charges/<int:charge_id>/collection", views.pay_outside_charge, name="pay_outside_charge"),
    path("office/trouble/refunds/<int:refund_id>/outside", views.pay_outside_refund, name="pay_outside_refund"),
    path("office/trouble/payouts/<int:payout_id>", views.retry_payout, name="retry_payout"),
    path("office/trouble/payouts/<int:payout_id>/outside", views.pay_outside, name="pay_outside"),
]
