from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Any

import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

STRETCHES = """
CREATE VIEW members_stretch AS
SELECT id, member_id, state, days FROM (
  SELECT s.id, s.member_id, s.state,
         daterange(s.starts_on, lead(s.starts_on) OVER (PARTITION BY s.member_id ORDER BY s.starts_on, s.id)) AS days
  FROM members_standing s
  WHERE s.takes_back_id IS NULL
    AND NOT EXISTS (SELECT FROM members_standing t WHERE t.takes_back_id = s.id)
) held
WHERE NOT isempty(days)
"""
AFTER = {"admit": "member", "go_on_leave": "on_leave", "come_back": "member", "leave_coop": "former"}


def carry_over(apps: Any, _schema_editor: Any) -> None:
    """What is known of each member becomes rows: from their days, from what was written down, and as it is now."""
    Member, Standing, Event = (
        apps.get_model(*name.split(".")) for name in ("members.Member", "members.Standing", "coop.Event")
    )
    steps: dict[int, list[Any]] = {}
    for event in Event.objects.filter(kind="members.member", verb__in=AFTER).order_by("at", "pk"):
        steps.setdefault(event.subject, []).append(event)
    for member in Member.objects.order_by("pk"):
        Standing.objects.bulk_create(Standing(member=member, **row) for row in _rows(member, steps.get(member.pk, [])))


def _rows(member: Any, steps: list[Any]) -> Iterator[dict[str, Any]]:
    yield _row("candidate", member.started_on)
    day, state = member.started_on, "candidate"
    if member.joined_on and not any(step.verb == "admit" for step in steps):
        day, state = max(day, member.joined_on), "member"
        yield _row(state, day)
    for step in steps:
        day, state = max(day, timezone.localdate(step.at)), AFTER[step.verb]
        yield {"state": state, "starts_on": day, "decided_at": step.at, "by_id": step.actor_id, "decision": step.note[:500]}
    if state != member.state:
        yield _row(member.state, max(day, member.left_on or timezone.localdate()))


def _row(state: str, day: Any) -> dict[str, Any]:
    return {"state": state, "starts_on": day, "decided_at": datetime.combine(day, time(12), UTC)}


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0015_applications_and_candidates'),
        ('coop', '0008_areas_served_or_known'),
    ]

    operations = [
        migrations.CreateModel(
            name='Standing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('applicant', 'applicant'), ('candidate', 'candidate'), ('member', 'member'), ('on_leave', 'on leave'), ('suspended', 'suspended'), ('leaving', 'leaving'), ('former', 'former member')], max_length=20)),
                ('starts_on', models.DateField()),
                ('decided_at', models.DateTimeField()),
                ('decision', models.CharField(blank=True, max_length=500)),
            ],
            options={
                'verbose_name': 'standing',
            },
        ),
        migrations.AddField(
            model_name='standing',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='standing',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='standings', to='members.member'),
        ),
        migrations.AddField(
            model_name='standing',
            name='takes_back',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='taken_back_by', to='members.standing'),
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(fields=['member', '-starts_on', '-id'], name='standing_by_day'),
        ),
        migrations.RunSQL(STRETCHES, 'DROP VIEW members_stretch'),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.RunSQL('SET CONSTRAINTS ALL IMMEDIATE', migrations.RunSQL.noop),
        migrations.CreateModel(
            name='Stretch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('applicant', 'applicant'), ('candidate', 'candidate'), ('member', 'member'), ('on_leave', 'on leave'), ('suspended', 'suspended'), ('leaving', 'leaving'), ('former', 'former member')], max_length=20)),
                ('days', django.contrib.postgres.fields.ranges.DateRangeField()),
            ],
            options={
                'db_table': 'members_stretch',
                'managed': False,
            },
        ),
    ]
