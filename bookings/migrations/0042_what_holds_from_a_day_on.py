import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


MINUTES = """
ALTER TABLE bookings_serviceprice DISABLE TRIGGER USER;
UPDATE bookings_serviceprice p SET base_minutes = s.base_minutes, bedroom_minutes = s.bedroom_minutes,
  bathroom_minutes = s.bathroom_minutes, crew = s.crew FROM bookings_service s WHERE s.id = p.service_id;
ALTER TABLE bookings_serviceprice ENABLE TRIGGER USER;
ALTER TABLE bookings_addonprice DISABLE TRIGGER USER;
UPDATE bookings_addonprice p SET minutes = a.minutes FROM bookings_addon a WHERE a.id = p.add_on_id;
ALTER TABLE bookings_addonprice ENABLE TRIGGER USER;
"""


def carry_over(apps, schema_editor):
    """What services and extras take so far is what they have taken ever since; their skills are on the list."""
    schema_editor.execute(MINUTES)
    Service, Skill = apps.get_model("bookings", "Service"), apps.get_model("members", "Skill")
    for code in Service.objects.values_list("skill", flat=True).distinct():
        Skill.objects.get_or_create(code=code, defaults={"name_en": code, "name_es": code})


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0041_the_door'),
        ('members', '0014_skills'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='addonprice',
            name='a_addonprice_is_set_before_its_day',
        ),
        migrations.RemoveConstraint(
            model_name='service',
            name='a_crew_has_somebody',
        ),
        migrations.RemoveConstraint(
            model_name='serviceprice',
            name='a_serviceprice_is_set_before_its_day',
        ),
        migrations.AddField(
            model_name='addon',
            name='retired_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='addonprice',
            name='minutes',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='addonprice',
            name='takes_back',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='taken_back', to='bookings.addonprice'),
        ),
        migrations.AddField(
            model_name='service',
            name='retired_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='serviceprice',
            name='base_minutes',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='serviceprice',
            name='bathroom_minutes',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='serviceprice',
            name='bedroom_minutes',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='serviceprice',
            name='crew',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='serviceprice',
            name='takes_back',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='taken_back', to='bookings.serviceprice'),
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name='addon',
            name='minutes',
        ),
        migrations.RemoveField(
            model_name='service',
            name='base_minutes',
        ),
        migrations.RemoveField(
            model_name='service',
            name='bathroom_minutes',
        ),
        migrations.RemoveField(
            model_name='service',
            name='bedroom_minutes',
        ),
        migrations.RemoveField(
            model_name='service',
            name='crew',
        ),
        migrations.AlterField(
            model_name='booking',
            name='service',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='bookings.service'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='addonprice',
            trigger=pgtrigger.compiler.Trigger(name='what_holds_today_stays_in_add_on_prices', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."effective_on" <= (NEW."set_on"))', func="\nIF EXISTS (SELECT FROM bookings_addonprice p WHERE p.add_on_id = NEW.add_on_id AND p.effective_on <= NEW.effective_on) THEN\n  RAISE EXCEPTION 'what_holds_today_stays_in_add_on_prices' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n", hash='110883b2180d94176e42069bc04ddaa90a32efb3', operation='INSERT', pgid='pgtrigger_what_holds_today_stays_in_add_on_prices_d174c', table='bookings_addonprice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='service',
            trigger=pgtrigger.compiler.Trigger(name='who_may_come_stays_once_booked', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."by_the_hour" IS DISTINCT FROM (NEW."by_the_hour") OR OLD."credential" IS DISTINCT FROM (NEW."credential") OR OLD."skill" IS DISTINCT FROM (NEW."skill"))', func="\nIF EXISTS (SELECT FROM bookings_booking b WHERE b.service_id = OLD.id) THEN\n  RAISE EXCEPTION 'who_may_come_stays_once_booked' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n", hash='85731c0eda187d6585064a32dc043feabe8db9d6', operation='UPDATE OF "skill", "credential", "by_the_hour"', pgid='pgtrigger_who_may_come_stays_once_booked_87a76', table='bookings_service', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='serviceprice',
            trigger=pgtrigger.compiler.Trigger(name='what_holds_today_stays_in_service_prices', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."effective_on" <= (NEW."set_on"))', func="\nIF EXISTS (SELECT FROM bookings_serviceprice p WHERE p.service_id = NEW.service_id AND p.effective_on <= NEW.effective_on) THEN\n  RAISE EXCEPTION 'what_holds_today_stays_in_service_prices' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n", hash='2d51172c442e1a05d203ccfd4e5476ab9f86bd67', operation='INSERT', pgid='pgtrigger_what_holds_today_stays_in_service_prices_94e93', table='bookings_serviceprice', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='addonprice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('set_by__isnull', True), ('set_on__isnull', True)), models.Q(('effective_on__gte', models.F('set_on')), ('set_by__isnull', False)), _connector='OR'), name='a_addonprice_is_never_backdated'),
        ),
        migrations.AddConstraint(
            model_name='addonprice',
            constraint=models.CheckConstraint(condition=models.Q(('takes_back__isnull', True), ('effective_on__gt', models.F('set_on')), _connector='OR'), name='a_addonprice_is_taken_back_before_its_day'),
        ),
        migrations.AddConstraint(
            model_name='serviceprice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('set_by__isnull', True), ('set_on__isnull', True)), models.Q(('effective_on__gte', models.F('set_on')), ('set_by__isnull', False)), _connector='OR'), name='a_serviceprice_is_never_backdated'),
        ),
        migrations.AddConstraint(
            model_name='serviceprice',
            constraint=models.CheckConstraint(condition=models.Q(('takes_back__isnull', True), ('effective_on__gt', models.F('set_on')), _connector='OR'), name='a_serviceprice_is_taken_back_before_its_day'),
        ),
        migrations.AddConstraint(
            model_name='serviceprice',
            constraint=models.CheckConstraint(condition=models.Q(('crew__gte', 1)), name='a_crew_has_somebody'),
        ),
    ]
