"""Services and extras are retired from a day on, which may be to come."""

from django.db import migrations, models

DAY = """
UPDATE {table} SET retired_on = (retired_at AT TIME ZONE coalesce(
  (SELECT f.zone FROM coop_contactfacts f WHERE f.zone <> '' ORDER BY f.id DESC LIMIT 1), 'America/New_York'
))::date
WHERE retired_at IS NOT NULL
"""


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0053_areas_from_a_day_on'),
    ]

    operations = [
        migrations.AddField(
            model_name='addon',
            name='retired_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='service',
            name='retired_on',
            field=models.DateField(null=True),
        ),
        migrations.RunSQL(DAY.format(table='bookings_addon'), migrations.RunSQL.noop),
        migrations.RunSQL(DAY.format(table='bookings_service'), migrations.RunSQL.noop),
        migrations.RemoveField(
            model_name='addon',
            name='retired_at',
        ),
        migrations.RemoveField(
            model_name='service',
            name='retired_at',
        ),
    ]
