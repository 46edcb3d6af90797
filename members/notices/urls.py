"""Addresses of this folder."""

from django.urls import path

from members.notices import contact_preference_views, contact_views

urlpatterns = [
    path("me/messages", contact_preference_views.reach, name="reach"),
    path("messages/no-list/<str:token>", contact_preference_views.no_list, name="no_list"),
    path("me/messages/number", contact_preference_views.give_number, name="give_number"),
    path("me/messages/number/confirmation", contact_preference_views.confirm_number, name="confirm_number"),
    path("me/messages/number/removal", contact_preference_views.remove_number, name="remove_number"),
    path("me/messages/browser", contact_preference_views.subscribe, name="subscribe"),
    path("me/messages/browser/removal", contact_preference_views.unsubscribe, name="unsubscribe"),
    path("office/contact", contact_views.contact_facts, name="contact_facts"),
]
