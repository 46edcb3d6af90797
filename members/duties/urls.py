"""Addresses of this folder."""

from django.urls import path

from members.duties import views

urlpatterns = [
    path("duties", views.duties, name="duties"),
    path("duties/new", views.add_duty, name="add_duty"),
    path("duties/usual", views.add_usual_duties, name="add_usual_duties"),
    path("duties/<int:duty_id>", views.duty, name="duty"),
    path("duties/<int:duty_id>/change", views.change_duty, name="change_duty"),
    path("duties/<int:duty_id>/done", views.finish_duty, name="finish_duty"),
    path("duties/<int:duty_id>/again", views.reopen_duty, name="reopen_duty"),
    path("duties/<int:duty_id>/drop", views.drop_duty, name="drop_duty"),
    path("duties/<int:duty_id>/paper", views.duty_paper, name="duty_paper"),
]
