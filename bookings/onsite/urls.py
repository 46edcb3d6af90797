"""Addresses of this wing."""

from django.urls import path

from bookings.onsite import closing_views, delay_views, lockout_views, photo_views, tap_views, worker_views
from bookings.onsite.checklists import views as checklist_views
from bookings.onsite.incidents import views as incident_views

urlpatterns = [
    path("visits/<int:visit_id>/door", lockout_views.nobody_opens, name="nobody_opens"),
    path("visits/<int:visit_id>/door/end", lockout_views.lock_out, name="lock_out"),
    path("shifts/<int:shift_id>/missing", lockout_views.miss_shift, name="miss_shift"),
    path("today", worker_views.today, name="today"),
    path("shifts/<int:shift_id>/start", worker_views.start_shift, name="start_shift"),
    path("shifts/<int:shift_id>/completion", worker_views.finish_shift, name="finish_shift"),
    path("shifts/<int:shift_id>/undoing", worker_views.undo_shift, name="undo_shift"),
    path("shifts/<int:shift_id>/release", worker_views.release_shift, name="release_shift"),
    path("shifts/<int:shift_id>/access-note", worker_views.show_access_note, name="show_access_note"),
    path("today/saved", tap_views.saved_day, name="saved_day"),
    path("taps", tap_views.taps, name="taps"),
    path("office/taps", tap_views.odd_taps, name="odd_taps"),
    path("office/taps/<int:tap_id>/look", tap_views.look_at_tap, name="look_at_tap"),
    path("shifts/<int:shift_id>/times", closing_views.write_times, name="write_times"),
    path("shifts/<int:shift_id>/absence", closing_views.not_there, name="not_there"),
    path("shifts/<int:shift_id>/delay", delay_views.run_late, name="run_late"),
    path("shifts/<int:shift_id>/incident", incident_views.report_incident, name="report_incident"),
    path("shifts/<int:shift_id>/photos", photo_views.take_photo, name="take_photo"),
    path("photos/<int:photo_id>", photo_views.photo, name="photo"),
    path("photos/<int:photo_id>/small", photo_views.small_photo, name="small_photo"),
    path("photos/<int:photo_id>/removal", photo_views.remove_photo, name="remove_photo"),
    path("incidents", incident_views.incidents, name="incidents"),
    path("reports", incident_views.deliver_report, name="deliver_report"),
    path("incidents/<uuid:uuid>", incident_views.incident, name="incident"),
    path("incidents/<uuid:uuid>/hand", incident_views.take_in_hand, name="take_in_hand"),
    path("incidents/<uuid:uuid>/closing", incident_views.close_incident, name="close_incident"),
    path("checklists", checklist_views.checklists, name="checklists"),
    path("checklists/new", checklist_views.add_task, name="add_task"),
    path("checklists/<int:task_id>", checklist_views.change_task, name="change_task"),
    path("checklists/<int:task_id>/ending", checklist_views.end_task, name="end_task"),
    path("shifts/<int:shift_id>/tasks", checklist_views.tick_tasks, name="tick_tasks"),
]
