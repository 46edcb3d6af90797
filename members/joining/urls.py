"""Addresses of this folder."""

from django.urls import path

from members.joining import application_views, candidate_views, lesson_views, office_views

urlpatterns = [
    path("work-with-us", application_views.work_with_us, name="work_with_us"),
    path("work-with-us/application", application_views.send_application, name="send_application"),
    path("work-with-us/sent", application_views.application_sent, name="application_sent"),
    path("work-with-us/<uuid:token>", application_views.application, name="application"),
    path("work-with-us/<uuid:token>/yes", application_views.prove_application, name="prove_application"),
    path("work-with-us/<uuid:token>/no", application_views.disown_application, name="disown_application"),
    path("work-with-us/<uuid:token>/withdrawal", application_views.withdraw_application, name="withdraw_application"),
    path("applications", office_views.applications, name="applications"),
    path("applications/<int:application_id>", office_views.application_file, name="application_file"),
    path("applications/<int:application_id>/talk", office_views.invite_application, name="invite_application"),
    path("applications/<int:application_id>/notes", office_views.note_application, name="note_application"),
    path("applications/<int:application_id>/yes", office_views.accept_application, name="accept_application"),
    path("applications/<int:application_id>/no", office_views.decline_application, name="decline_application"),
    path("candidates", candidate_views.candidates, name="candidates"),
    path("candidates/<int:candidate_id>", candidate_views.candidate, name="candidate"),
    path("candidates/<int:candidate_id>/mentor", candidate_views.choose_mentor, name="choose_mentor"),
    path("candidates/<int:candidate_id>/learned", candidate_views.learn, name="learn"),
    path("candidates/<int:candidate_id>/yes", candidate_views.put_forward, name="put_forward"),
    path("candidates/<int:candidate_id>/no", candidate_views.turn_down, name="turn_down"),
    path("candidates/lessons", lesson_views.lessons, name="lessons"),
    path("candidates/lessons/new", lesson_views.add_lesson, name="add_lesson"),
    path("candidates/lessons/<int:lesson_id>", lesson_views.change_lesson, name="change_lesson"),
    path("candidates/lessons/<int:lesson_id>/end", lesson_views.end_lesson, name="end_lesson"),
]
