from datetime import date

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


EVER = date(2000, 1, 1)


def carry_over(apps, schema_editor):
    """What services and extras cost so far is what they have cost ever since; a deep clean includes two extras."""
    Service, AddOn = apps.get_model("bookings", "Service"), apps.get_model("bookings", "AddOn")
    ServicePrice, AddOnPrice = apps.get_model("bookings", "ServicePrice"), apps.get_model("bookings", "AddOnPrice")
    for service in Service.objects.all():
        ServicePrice.objects.create(
            service=service,
            effective_on=EVER,
            cents_per_hour=service.cents_per_hour,
            fixed_cents=service.fixed_cents,
        )
    for extra in AddOn.objects.all():
        AddOnPrice.objects.create(add_on=extra, effective_on=EVER, cents=extra.cents)
    for extra in AddOn.objects.filter(code__in=["pet-hair", "fans"]):
        extra.services.remove(*Service.objects.filter(code="deep"))
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0005_households'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='quote',
            name='crew',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.CreateModel(
            name='ServicePrice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_on', models.DateField()),
                ('set_on', models.DateField(null=True)),
                ('cents_per_hour', models.PositiveIntegerField()),
                ('fixed_cents', models.PositiveIntegerField(default=0)),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prices', to='bookings.service')),
                ('set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'price of a service',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='AddOnPrice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_on', models.DateField()),
                ('set_on', models.DateField(null=True)),
                ('cents', models.PositiveIntegerField()),
                ('add_on', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prices', to='bookings.addon')),
                ('set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'price of an extra',
                'abstract': False,
                'indexes': [models.Index(fields=['add_on', '-effective_on', '-id'], name='add_on_price_in_force')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('set_by__isnull', True), ('set_on__isnull', True)), models.Q(('effective_on__gt', models.F('set_on')), ('set_by__isnull', False)), _connector='OR'), name='a_addonprice_is_set_before_its_day')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='addonprice',
            trigger=pgtrigger.compiler.Trigger(name='add_on_prices_are_never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0c397a792a8f940ce592fd0e0ad2815bcb691340', operation='UPDATE OR DELETE', pgid='pgtrigger_add_on_prices_are_never_changed_f5301', table='bookings_addonprice', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='serviceprice',
            index=models.Index(fields=['service', '-effective_on', '-id'], name='service_price_in_force'),
        ),
        migrations.AddConstraint(
            model_name='serviceprice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('set_by__isnull', True), ('set_on__isnull', True)), models.Q(('effective_on__gt', models.F('set_on')), ('set_by__isnull', False)), _connector='OR'), name='a_serviceprice_is_set_before_its_day'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='serviceprice',
            trigger=pgtrigger.compiler.Trigger(name='service_prices_are_never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='28f73fd5614fa7e5f4e967e62d0b9dc4887c9464', operation='UPDATE OR DELETE', pgid='pgtrigger_service_prices_are_never_changed_346da', table='bookings_serviceprice', when='BEFORE')),
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name='addon',
            name='cents',
        ),
        migrations.RemoveField(
            model_name='service',
            name='cents_per_hour',
        ),
        migrations.RemoveField(
            model_name='service',
            name='fixed_cents',
        ),
    ]
