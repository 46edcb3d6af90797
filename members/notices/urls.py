"""Addresses of this folder."""

from django.urls import path

from members.notices import contact_preference_views, contact_views

urlpatterns = [
    path("me/messages", contact_preference_views.reach, name="reach"),
    path("messages/no-list/<str:token>", contact_preference_views.no_list, name="no_list"),
    path("me/messages/browser", contact_preference_views.subscribe, name="subscribe"),
    path("me/messages/browser/removal", contact_preference_views.unsubscribe, name="unsubscribe"),
    path("office/contact", contact_views.contact_facts, name="contact_facts"),
]
