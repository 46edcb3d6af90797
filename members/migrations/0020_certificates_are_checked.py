import django.db.models.deletion
from django.db import migrations, models

KNOWN = {"hha": ("Home health aide (HHA)", "Asistente de salud en el hogar (HHA)")}


def list_them(apps, schema_editor):
    """The kinds that members hold so far, and the one with which the catalogue begins."""
    Credential, Type = apps.get_model("members", "Credential"), apps.get_model("members", "CredentialType")
    held = set(Credential.objects.values_list("kind", flat=True))
    for code in [*KNOWN, *sorted(held - KNOWN.keys())]:
        name_en, name_es = KNOWN.get(code, (code.upper(), code.upper()))
        Type.objects.create(code=code, name_en=name_en, name_es=name_es)


def name_nobody(apps, schema_editor):
    """Nobody verifies their own: of those it is not known any more who did."""
    Credential = apps.get_model("members", "Credential")
    Credential.objects.filter(verified_by=models.F("member")).update(verified_by=None)


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0019_leaving_and_suspensions'),
    ]

    operations = [
        migrations.CreateModel(
            name='CredentialType',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=20, unique=True)),
                ('name_en', models.CharField(max_length=60)),
                ('name_es', models.CharField(max_length=60)),
                ('months', models.PositiveSmallIntegerField(null=True)),
                ('needs_evidence', models.BooleanField(default=True)),
            ],
            options={
                'verbose_name': 'kind of certificate',
            },
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'waits to be checked'), ('valid', 'checked'), ('refused', 'not accepted'), ('withdrawn', 'taken back')], default='waiting', max_length=20)),
                ('number', models.CharField(blank=True, max_length=40)),
                ('issued_on', models.DateField()),
                ('expires_on', models.DateField(null=True)),
                ('picture', models.BinaryField(null=True)),
                ('sent_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('words', models.TextField(blank=True, max_length=1000)),
            ],
            options={
                'verbose_name': 'certificate to check',
            },
        ),
        migrations.AlterModelOptions(
            name='credential',
            options={'verbose_name': 'certificate'},
        ),
        migrations.RemoveConstraint(
            model_name='credential',
            name='a_credential_expires_after_it_is_issued',
        ),
        migrations.AlterField(
            model_name='credential',
            name='verified_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member'),
        ),
        migrations.RunPython(name_nobody, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='credential',
            constraint=models.CheckConstraint(condition=models.Q(('expires_on__isnull', True), ('expires_on__gte', models.F('issued_on')), _connector='OR'), name='a_credential_does_not_expire_before_it_is_issued'),
        ),
        migrations.AddConstraint(
            model_name='credential',
            constraint=models.CheckConstraint(condition=models.Q(('verified_by', None), models.Q(('verified_by', models.F('member')), _negated=True), _connector='OR'), name='nobody_verifies_their_own_credential'),
        ),
        migrations.AddConstraint(
            model_name='credentialtype',
            constraint=models.CheckConstraint(condition=models.Q(('months', None), ('months__gt', 0), _connector='OR'), name='a_certificate_holds_for_a_while'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='checked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='members.member'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='type',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.credentialtype'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='written_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member'),
        ),
        migrations.AddIndex(
            model_name='evidence',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['sent_at'], name='certificates_that_wait'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(('checked_by', None), models.Q(('checked_by', models.F('member')), ('checked_by', models.F('written_by')), _connector='OR', _negated=True), _connector='OR'), name='whoever_checks_a_certificate_is_another_person'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('checked_by', None), ('decided_at', None), ('state', 'waiting')), models.Q(('checked_by', None), ('decided_at__isnull', False), ('state', 'withdrawn')), models.Q(('checked_by__isnull', False), ('decided_at__isnull', False), ('state__in', ['valid', 'refused'])), _connector='OR'), name='a_certificate_counts_once_somebody_checked_it'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'refused'), ('words', ''), _negated=True), name='a_no_to_a_certificate_has_words'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('member', 'type'), name='a_certificate_waits_once'),
        ),
        migrations.RunPython(list_them, migrations.RunPython.noop),
    ]
