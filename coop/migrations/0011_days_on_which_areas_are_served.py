"""Areas are served on days, not just now: what was served is so always, and what was not, never."""

import coop.models
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('coop', '0010_findings'),
    ]

    operations = [
        migrations.AddField(
            model_name='zipcode',
            name='served_days',
            field=django.contrib.postgres.fields.ArrayField(base_field=django.contrib.postgres.fields.ranges.DateRangeField(), default=coop.models.always, size=None),
        ),
        migrations.RunSQL("UPDATE coop_zipcode SET served_days = '{}' WHERE NOT served", migrations.RunSQL.noop),
        migrations.RemoveField(
            model_name='zipcode',
            name='served',
        ),
    ]
