"""Addresses of this folder."""

from django.urls import path

from payouts.bookkeeping import views

urlpatterns = [
    path("books/accounts", views.accounts, name="accounts"),
    path("books/accounts/<int:account_id>", views.account, name="account"),
    path("books/mine", views.my_accounts, name="my_accounts"),
    path("books/entries", views.find_entries, name="find_entries"),
    path("books/entries/<int:entry_id>", views.entry, name="entry"),
    path("books/export", views.export_books, name="export_books"),
    path("books/balance", views.trial_balance, name="trial_balance"),
]
