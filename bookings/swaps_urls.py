"""Addresses at which two members swap a shift."""

from django.urls import path

from bookings.views import swaps

urlpatterns = [
    path("shifts/<int:shift_id>/swap", swaps.swap_shift, name="swap_shift"),
    path("swaps/<int:swap_id>/agreement", swaps.agree_swap, name="agree_swap"),
    path("swaps/<int:swap_id>/decline", swaps.decline_swap, name="decline_swap"),
    path("swaps/<int:swap_id>/withdrawal", swaps.withdraw_swap, name="withdraw_swap"),
]
