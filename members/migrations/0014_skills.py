from django.db import migrations, models


KNOWN = {"cleaning": ("Cleaning", "Limpieza"), "care": ("Care at home", "Cuidado en casa")}


def list_them(apps, schema_editor):
    """What members can do so far, under the names that people use."""
    Member, Skill = apps.get_model("members", "Member"), apps.get_model("members", "Skill")
    had = {code for codes in Member.objects.values_list("skills", flat=True) for code in codes}
    for code in [*KNOWN, *sorted(had - KNOWN.keys())]:
        name_en, name_es = KNOWN.get(code, (code, code))
        Skill.objects.create(code=code, name_en=name_en, name_es=name_es)


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0013_setup_keys'),
    ]

    operations = [
        migrations.CreateModel(
            name='Skill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=20, unique=True)),
                ('name_en', models.CharField(max_length=60)),
                ('name_es', models.CharField(max_length=60)),
            ],
        ),
        migrations.RunPython(list_them, migrations.RunPython.noop),
    ]
