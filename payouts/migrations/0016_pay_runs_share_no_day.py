import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
from datetime import timedelta

from django.db import migrations, models

import members.offices.roles


def part(apps, schema_editor):
    """Older pay runs may have said the same days: each keeps those up to its end that no other one says."""
    runs = list(apps.get_model("payouts", "PayRun").objects.exclude(state="returned").order_by("ends_on", "pk"))
    later = None
    for run, before in zip(reversed(runs), [*reversed(runs[:-1]), None]):
        said = run.starts_on, run.ends_on
        if later:
            run.ends_on = min(run.ends_on, later.starts_on - timedelta(days=1))
        if before:
            run.starts_on = max(run.starts_on, before.ends_on + timedelta(days=1))
        run.starts_on = min(run.starts_on, run.ends_on)
        if (run.starts_on, run.ends_on) != said:
            run.save(update_fields=["starts_on", "ends_on"])
        later = run


class Migration(migrations.Migration):

    dependencies = [
        ('payouts', '0015_wages_are_never_paid_without_tax'),
    ]

    operations = [
        migrations.RunPython(part, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='payrun',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('state', 'returned'), _negated=True), expressions=[(members.offices.roles.DateRange('starts_on', 'ends_on', django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_upper=True)), '&&')], name='pay_runs_share_no_day'),
        ),
    ]
