"""Addresses of this folder."""

from django.urls import path

from members.news import views

urlpatterns = [path("today/news", views.read_news, name="read_news")]
