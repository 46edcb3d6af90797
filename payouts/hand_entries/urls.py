"""Addresses of this folder."""

from django.urls import path

from payouts.hand_entries import views

urlpatterns = [
    path("books/by-hand", views.hand_entries, name="hand_entries"),
    path("books/by-hand/new", views.draft_hand_entry, name="draft_hand_entry"),
    path("books/by-hand/<int:hand_entry_id>", views.hand_entry, name="hand_entry"),
    path("books/by-hand/<int:hand_entry_id>/receipt", views.open_hand_entry, name="open_hand_entry"),
    path("books/by-hand/<int:hand_entry_id>/undoing", views.undo_hand_entry, name="undo_hand_entry"),
]
