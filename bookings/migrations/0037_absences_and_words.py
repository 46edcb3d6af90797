import coop.encrypted_fields
import datetime
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0036_left_for_safety'),
        ('members', '0008_push'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='GivenBack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seal', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('at', models.DateTimeField()),
                ('why', models.CharField(choices=[('cannot', 'I am not able to work then'), ('plans', 'Something else came up'), ('way', 'I cannot get there'), ('other', 'Another reason')], max_length=10)),
                ('words', coop.encrypted_fields.SealedTextField(blank=True, default='')),
            ],
            options={
                'verbose_name': 'shift given back',
            },
        ),
        migrations.AddField(
            model_name='handover',
            name='back_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='handover',
            name='last',
            field=models.DateField(default=datetime.date(2026, 1, 1)),
            preserve_default=False,
        ),
        migrations.RunSQL('UPDATE bookings_handover SET last = day', migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(('last__gte', models.F('day'))), name='an_absence_ends_after_it_begins'),
        ),
        migrations.AddField(
            model_name='givenback',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member'),
        ),
        migrations.AddField(
            model_name='givenback',
            name='shift',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='given_back', to='bookings.shift'),
        ),
        migrations.AddIndex(
            model_name='givenback',
            index=models.Index(fields=['shift', '-at'], name='given_back_by_shift'),
        ),
    ]
