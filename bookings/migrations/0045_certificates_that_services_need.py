"""What services ask for stands on the list of certificates, too."""

from django.db import migrations


def list_them(apps, schema_editor):
    Service, Type = apps.get_model("bookings", "Service"), apps.get_model("members", "CredentialType")
    asked = set(Service.objects.exclude(credential="").values_list("credential", flat=True))
    for code in sorted(asked - set(Type.objects.values_list("code", flat=True))):
        Type.objects.create(code=code, name_en=code.upper(), name_es=code.upper())


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0044_closed_days_and_bookable_hours'),
        ('members', '0020_certificates_are_checked'),
    ]

    operations = [
        migrations.RunPython(list_them, migrations.RunPython.noop),
    ]
