"""A catalogue to start with, after the public price list of Up & Go (New York); the office edits it later."""

from django.db import migrations

SERVICES = [
    # code, English, Spanish, summaries, skill, credential, by the hour, cents an hour, fixed, base, bedroom, bathroom
    ("cleaning", "Cleaning", "Limpieza", "Kitchen, bathrooms, floors, dust and beds.",
     "Cocina, baños, pisos, polvo y camas.", "cleaning", "", False, 3750, 0, 75, 45, 45),
    ("deep", "Deep clean", "Limpieza a fondo", "Everything, with pet hair, ceiling fans and baseboards.",
     "Todo, con pelo de mascotas, ventiladores y zócalos.", "cleaning", "", False, 3750, 3200, 105, 60, 60),
    ("moving", "Moving clean", "Limpieza de mudanza", "An empty home, ready for who comes next.",
     "Una casa vacía, lista para quien llega.", "cleaning", "", False, 3750, 4800, 120, 60, 60),
    ("aide", "Home aide", "Cuidado en casa", "Company, meals, bathing and errands, by the hour.",
     "Compañía, comidas, baño y mandados, por hora.", "care", "hha", True, 3400, 0, 0, 0, 0),
]
ADD_ONS = [
    # code, English, Spanish, cents, minutes
    ("pet-hair", "Pet hair", "Pelo de mascotas", 900, 15),
    ("fridge", "Inside the fridge", "Interior del refrigerador", 1600, 30),
    ("oven", "Inside the oven", "Interior del horno", 1600, 30),
    ("cabinet", "Inside a cabinet", "Interior de un gabinete", 2200, 30),
    ("bookshelf", "A bookshelf", "Un librero", 1600, 30),
    ("windows", "A window, inside", "Una ventana, por dentro", 1100, 15),
    ("laundry", "A load of laundry", "Una carga de ropa", 1100, 15),
    ("fans", "Ceiling fans", "Ventiladores de techo", 1100, 15),
    ("products", "We bring the products", "Llevamos los productos", 1100, 0),
    ("vacuum", "We bring a vacuum", "Llevamos aspiradora", 1600, 0),
]


def fill(apps, schema_editor):
    Service, AddOn = apps.get_model("bookings", "Service"), apps.get_model("bookings", "AddOn")
    names = ("code", "name_en", "name_es", "summary_en", "summary_es", "skill", "credential", "by_the_hour",
             "cents_per_hour", "fixed_cents", "base_minutes", "bedroom_minutes", "bathroom_minutes")
    for position, row in enumerate(SERVICES):
        Service.objects.create(position=position, **dict(zip(names, row, strict=True)))
    for position, (code, name_en, name_es, cents, minutes) in enumerate(ADD_ONS):
        extra = AddOn.objects.create(
            code=code, name_en=name_en, name_es=name_es, cents=cents, minutes=minutes, position=position
        )
        extra.services.set(Service.objects.filter(by_the_hour=False))


class Migration(migrations.Migration):
    dependencies = [("bookings", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
