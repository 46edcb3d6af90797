"""The five boroughs of New York are served from the start; `serve_area` adds others."""

from django.db import migrations


def serve_new_york(apps, schema_editor):
    from coop.postal_areas import of_county

    counties = ["New York County", "Kings County", "Queens County", "Bronx County", "Richmond County"]
    rows = [row for county in counties for row in of_county("NY", county)]
    ZipCode = apps.get_model("coop", "ZipCode")
    ZipCode.objects.bulk_create([ZipCode(**{field.name: getattr(row, field.name) for field in ZipCode._meta.fields}) for row in rows])


class Migration(migrations.Migration):
    dependencies = [("coop", "0002_initial")]
    operations = [migrations.RunPython(serve_new_york, migrations.RunPython.noop)]
