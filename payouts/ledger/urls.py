"""Addresses of this folder."""

from django.urls import path

from payouts.ledger import views

urlpatterns = [
    path("books", views.books, name="books"),
]
