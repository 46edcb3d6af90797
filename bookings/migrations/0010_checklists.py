import django.db.models.deletion
from django.db import migrations, models


TASKS = {
    "bathroom": [
        ("Toilet cleaned inside and out, with its base", "Inodoro limpio por dentro y por fuera, con su base"),
        ("Shower and tub scrubbed", "Ducha y bañera fregadas"),
        ("Sink and taps freed of lime", "Lavabo y grifos sin sarro"),
        ("Mirror without streaks", "Espejo sin marcas"),
        ("Shelves and counter wiped", "Repisas y mostrador limpios"),
        ("Towels hung up straight", "Toallas bien colgadas"),
        ("Bin emptied", "Basurero vacío"),
        ("Floor swept and mopped", "Piso barrido y trapeado"),
    ],
    "kitchen": [
        ("Dishes washed or put into the machine", "Platos lavados o puestos en la máquina"),
        ("Stove top and hood wiped", "Estufa y campana limpias"),
        ("Counters and backsplash wiped", "Mostradores y salpicadero limpios"),
        ("Sink scrubbed and dried", "Fregadero tallado y seco"),
        ("Fronts of fridge and cupboards wiped", "Frentes de refrigerador y gabinetes limpios"),
        ("Trash taken out, floor swept and mopped", "Basura afuera, piso barrido y trapeado"),
    ],
    "living": [
        ("Surfaces dusted, high and low", "Superficies sin polvo, altas y bajas"),
        ("Screens dusted with a dry cloth", "Pantallas sin polvo, con paño seco"),
        ("Lamps dusted", "Lámparas sin polvo"),
        ("Picture frames dusted", "Marcos sin polvo"),
        ("Cushions shaken and put in order", "Cojines sacudidos y en orden"),
        ("Sofa vacuumed", "Sofá aspirado"),
        ("Window sills wiped", "Alféizares limpios"),
        ("Things put back in their place", "Cosas en su lugar"),
        ("Rug and floor vacuumed, floor mopped", "Alfombra y piso aspirados, piso trapeado"),
    ],
    "bedroom": [
        ("Bed made, with fresh sheets if they are laid out", "Cama hecha, con sábanas limpias si están a mano"),
        ("Pillows shaken", "Almohadas sacudidas"),
        ("Night tables dusted", "Mesas de noche sin polvo"),
        ("Dresser and shelves dusted", "Cómoda y repisas sin polvo"),
        ("Headboard dusted", "Cabecera sin polvo"),
        ("Mirror without streaks", "Espejo sin marcas"),
        ("Clothes folded or hung up", "Ropa doblada o colgada"),
        ("Window sill wiped", "Alféizar limpio"),
        ("Bin emptied", "Basurero vacío"),
        ("Floor vacuumed, also under the bed as far as it goes", "Piso aspirado, también bajo la cama hasta donde llegue"),
    ],
    "hall": [
        ("Front door wiped inside", "Puerta de entrada limpia por dentro"),
        ("Handles and switches wiped", "Manijas y apagadores limpios"),
        ("Shoes put in a row", "Zapatos en fila"),
        ("Coat rack dusted", "Perchero sin polvo"),
        ("Mirror without streaks", "Espejo sin marcas"),
        ("Door mat shaken", "Tapete sacudido"),
        ("Floor swept and mopped", "Piso barrido y trapeado"),
    ],
}
DEEP = {
    "bathroom": [
        ("Grout and corners brushed", "Juntas y esquinas cepilladas"),
        ("Tiles washed up to the ceiling", "Azulejos lavados hasta el techo"),
    ],
    "kitchen": [
        ("Cupboard doors degreased", "Puertas de gabinetes sin grasa"),
        ("Behind and under what can be moved", "Detrás y debajo de lo que se pueda mover"),
    ],
    "living": [
        ("Ceiling fan washed", "Ventilador de techo lavado"),
        ("Pet hair taken off sofa and rugs", "Pelo de mascotas fuera de sofá y alfombras"),
        ("Baseboards wiped", "Zócalos limpios"),
    ],
    "bedroom": [
        ("Ceiling fan washed", "Ventilador de techo lavado"),
        ("Baseboards wiped", "Zócalos limpios"),
        ("Mattress vacuumed", "Colchón aspirado"),
    ],
    "hall": [("Baseboards and door frames wiped", "Zócalos y marcos de puertas limpios")],
}


def fill(apps, schema_editor):
    """Lists to begin with; the office changes them."""
    Service, ChecklistTask = apps.get_model("bookings", "Service"), apps.get_model("bookings", "ChecklistTask")
    Service.objects.filter(code="cleaning").update(level="regular")
    Service.objects.filter(code__in=["deep", "moving"]).update(level="deep")
    for level, lists in (("regular", TASKS), ("deep", DEEP)):
        for room, tasks in lists.items():
            for position, (text_en, text_es) in enumerate(tasks):
                ChecklistTask.objects.create(
                    room=room, level=level, text_en=text_en, text_es=text_es, position=position
                )


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0009_homes_off_the_list'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChecklistTask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('room', models.CharField(choices=[('bathroom', 'Bathroom'), ('kitchen', 'Kitchen'), ('living', 'Living room'), ('bedroom', 'Bedroom'), ('hall', 'Hall')], max_length=10)),
                ('level', models.CharField(choices=[('regular', 'every visit'), ('deep', 'only a deep clean')], max_length=10)),
                ('text_en', models.CharField(max_length=120)),
                ('text_es', models.CharField(max_length=120)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'task',
            },
        ),
        migrations.AddField(
            model_name='service',
            name='level',
            field=models.CharField(blank=True, choices=[('regular', 'every visit'), ('deep', 'only a deep clean')], max_length=10),
        ),
        migrations.CreateModel(
            name='TaskDone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('shift', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks_done', to='bookings.shift')),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bookings.checklisttask')),
            ],
            options={
                'verbose_name': 'ticked task',
                'constraints': [models.UniqueConstraint(fields=('shift', 'task'), name='a_task_is_ticked_once')],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
