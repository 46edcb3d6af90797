"""Changes of areas hold from a day on.

What was done at once began on its day; what went away, on the next one. Each that undid another stays a change itself.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

DATED = """
UPDATE bookings_areachange SET
  set_on = made.day, set_by_id = made_by_id, takes_back_id = NULL,
  effective_on = CASE WHEN removed = '{}' THEN made.day ELSE made.day + 1 END
FROM (
  SELECT c.id, (c.made_at AT TIME ZONE coalesce(
    (SELECT f.zone FROM coop_contactfacts f WHERE f.zone <> '' ORDER BY f.id DESC LIMIT 1), 'America/New_York'
  ))::date AS day
  FROM bookings_areachange c
) made
WHERE made.id = bookings_areachange.id;
SET CONSTRAINTS ALL IMMEDIATE
"""


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0052_one_least_wage_stands'),
        ('coop', '0011_days_on_which_areas_are_served'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(model_name='areachange', name='changes_of_areas_are_never_changed'),
        migrations.AddField(
            model_name='areachange',
            name='effective_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='areachange',
            name='set_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='areachange',
            name='set_on',
            field=models.DateField(null=True),
        ),
        migrations.RunSQL(DATED, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='areachange',
            name='effective_on',
            field=models.DateField(),
        ),
        migrations.RemoveField(
            model_name='areachange',
            name='made_at',
        ),
        migrations.RemoveField(
            model_name='areachange',
            name='made_by',
        ),
        migrations.AddConstraint(
            model_name='areachange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('set_by__isnull', True), ('set_on__isnull', True)), models.Q(('effective_on__gte', models.F('set_on')), ('set_by__isnull', False)), _connector='OR'), name='a_areachange_is_never_backdated'),
        ),
        migrations.AddConstraint(
            model_name='areachange',
            constraint=models.CheckConstraint(condition=models.Q(('takes_back__isnull', True), ('effective_on__gt', models.F('set_on')), _connector='OR'), name='a_areachange_is_taken_back_before_its_day'),
        ),
        migrations.AddConstraint(
            model_name='areachange',
            constraint=models.CheckConstraint(condition=models.Q(('removed__len', 0), ('effective_on__gt', models.F('set_on')), _connector='OR'), name='an_area_goes_on_a_later_day'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='areachange',
            trigger=pgtrigger.compiler.Trigger(name='changes_of_areas_are_never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='87216da9f7fd3616248dc7166ae8f881aee632dd', operation='UPDATE OR DELETE', pgid='pgtrigger_changes_of_areas_are_never_changed_fcf1a', table='bookings_areachange', when='BEFORE')),
        ),
    ]
