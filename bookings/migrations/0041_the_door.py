"""A co-op in which people work already is open, as it was before there was a door."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


def stay_open(apps, schema_editor):
    if apps.get_model("members", "Member").objects.exists():
        apps.get_model("bookings", "DoorSign").objects.create(is_open=True, hung_at=timezone.now())


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0040_find_turns_by_time'),
        ('members', '0013_setup_keys'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DoorSign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_open', models.BooleanField()),
                ('words_en', models.TextField(blank=True)),
                ('words_es', models.TextField(blank=True)),
                ('hung_at', models.DateTimeField()),
                ('hung_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('is_open', True), models.Q(models.Q(('words_en', ''), _negated=True), models.Q(('words_es', ''), _negated=True)), _connector='OR'), name='a_closed_door_has_words_in_both_languages')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='doorsign',
            trigger=pgtrigger.compiler.Trigger(name='what_hung_at_the_door_is_never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='18de64c5e401364fdeb4529f9c51de7f29689319', operation='UPDATE OR DELETE', pgid='pgtrigger_what_hung_at_the_door_is_never_changed_a13bf', table='bookings_doorsign', when='BEFORE')),
        ),
        migrations.RunPython(stay_open, migrations.RunPython.noop),
    ]
