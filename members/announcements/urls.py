"""Addresses of this folder."""

from django.urls import path

from members.announcements import views

urlpatterns = [
    path("announcements", views.announcements, name="announcements"),
    path("announcements/new", views.send_announcement, name="send_announcement"),
    path("announcements/<int:announcement_id>", views.announcement, name="announcement"),
    path("announcements/<int:announcement_id>/answer", views.answer_announcement, name="answer_announcement"),
    path(
        "announcements/<int:announcement_id>/taking-back", views.take_back_announcement, name="take_back_announcement"
    ),
]
