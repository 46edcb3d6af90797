"""Addresses of this wing."""

from django.urls import path

from bookings.checkout import views, waitlist_views

urlpatterns = [
    path("book", views.quote, name="quote"),
    path("book/price", views.quote_price, name="quote_price"),
    path("book/<uuid:token>/time", views.choose_time, name="choose_time"),
    path("book/<uuid:token>/contact", views.give_contact, name="give_contact"),
    path("book/<uuid:token>/check", views.check_booking, name="check_booking"),
    path("book/<uuid:token>/waitlist", waitlist_views.join_waitlist, name="join_waitlist"),
    path("waitlist/<uuid:token>/leaving", waitlist_views.leave_waitlist, name="leave_waitlist"),
    path("areas", views.ask_for_area, name="ask_for_area"),
]
