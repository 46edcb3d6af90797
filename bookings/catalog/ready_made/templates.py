"""What co-ops like ours offer, ready to be made one's own. Prices are a start: cents, and cents an hour."""

from dataclasses import dataclass, field
from functools import partial

from bookings.catalog.pricing import Takes
from bookings.catalog.services import Service


@dataclass(frozen=True)
class Named:
    """Something that a template names, by its code, in both languages."""

    code: str
    name_en: str
    name_es: str


@dataclass(frozen=True)
class ReadyExtra(Named):
    """An extra: so many minutes for so many cents; with which services it can be had stands with those."""

    cents: int
    minutes: int
    most: int = 1


@dataclass(frozen=True)
class ReadyService(Named):
    """A service: its words, who may come, what it takes, what it costs, and the codes of its extras."""

    summary_en: str
    summary_es: str
    skill: Named
    cents_per_hour: int
    fixed_cents: int = 0
    takes: Takes = field(default_factory=Takes)
    credential: Named | None = None
    level: str = ""
    extras: tuple[str, ...] = ()

    @property
    def by_the_hour(self) -> bool:
        """Work that takes no minutes of its own takes those that are asked for."""
        return not self.takes.base_minutes

    def draft(self) -> Service:
        """The service as it would be, not kept."""
        return Service(
            code=self.code,
            name_en=self.name_en,
            name_es=self.name_es,
            summary_en=self.summary_en,
            summary_es=self.summary_es,
            skill=self.skill.code,
            credential=self.credential.code if self.credential else "",
            by_the_hour=self.by_the_hour,
            level=self.level,
        )


CLEANING = Named("cleaning", "Cleaning", "Limpieza")
CARE = Named("care", "Care at home", "Cuidado en casa")
COOKING = Named("cooking", "Cooking", "Cocina")
HHA = Named("hha", "Home health aide (HHA)", "Asistente de salud en el hogar (HHA)")
REGULAR, DEEP = Service.Level.REGULAR.value, Service.Level.DEEP.value

EXTRAS = (
    ReadyExtra("pet-hair", "Pet hair", "Pelo de mascotas", 900, 15),
    ReadyExtra("fridge", "Inside the fridge", "Interior del refrigerador", 1600, 30),
    ReadyExtra("oven", "Inside the oven", "Interior del horno", 1600, 30),
    ReadyExtra("cabinet", "Inside a cabinet", "Interior de un gabinete", 2200, 30, most=10),
    ReadyExtra("windows", "A window, inside", "Una ventana, por dentro", 1100, 15, most=20),
    ReadyExtra("laundry", "A load of laundry", "Una carga de ropa", 1100, 15, most=4),
    ReadyExtra("ironing", "Half an hour of ironing", "Media hora de plancha", 1900, 30, most=4),
    ReadyExtra("balcony", "A balcony or terrace", "Un balcón o una terraza", 1900, 30, most=3),
    ReadyExtra("products", "We bring the products", "Llevamos los productos", 1100, 0),
    ReadyExtra("vacuum", "We bring a vacuum", "Llevamos aspiradora", 1600, 0),
    ReadyExtra("errand", "An errand on the way", "Un mandado de camino", 1900, 30, most=3),
)
OF_HOMES = ("pet-hair", "fridge", "oven", "cabinet", "windows", "laundry", "ironing", "balcony", "products", "vacuum")
OF_EMPTY_HOMES = ("fridge", "oven", "cabinet", "windows", "balcony", "products", "vacuum")

_cleaning = partial(ReadyService, skill=CLEANING, cents_per_hour=3750, level=DEEP)
_empty = partial(_cleaning, fixed_cents=4800, extras=OF_EMPTY_HOMES)
_care = partial(ReadyService, skill=CARE, extras=("laundry", "errand"))

SERVICES = (
    _cleaning(
        "cleaning",
        "Regular cleaning",
        "Limpieza regular",
        "Kitchen, bathrooms, floors, dust and beds.",
        "Cocina, baños, pisos, polvo y camas.",
        takes=Takes(75, 45, 45),
        level=REGULAR,
        extras=OF_HOMES,
    ),
    _cleaning(
        "deep",
        "Deep cleaning",
        "Limpieza a fondo",
        "Everything, with pet hair, ceiling fans and baseboards.",
        "Todo, con pelo de mascotas, ventiladores y zócalos.",
        fixed_cents=3200,
        takes=Takes(105, 60, 60),
        extras=OF_HOMES,
    ),
    _empty(
        "moving",
        "Move-out cleaning",
        "Limpieza de mudanza",
        "An empty home, ready for who comes next.",
        "Una casa vacía, lista para quien llega.",
        takes=Takes(120, 60, 60),
    ),
    _empty(
        "renovation",
        "After a renovation",
        "Después de una obra",
        "Fine dust, paint spots and stickers, from top to bottom. Two people come.",
        "Polvo fino, manchas de pintura y etiquetas, de arriba abajo. Vienen dos personas.",
        cents_per_hour=4000,
        takes=Takes(150, 75, 75, crew=2),
    ),
    _care(
        "aide",
        "Home aide",
        "Cuidado en casa",
        "Company, meals, bathing and errands, by the hour.",
        "Compañía, comidas, baño y mandados, por hora.",
        cents_per_hour=3400,
        credential=HHA,
    ),
    _care(
        "companion",
        "Companion",
        "Compañía en casa",
        "Somebody to talk, walk and run errands with, by the hour. No care of the body.",
        "Alguien para conversar, pasear y hacer mandados, por hora. Sin cuidado del cuerpo.",
        cents_per_hour=3200,
    ),
    ReadyService(
        "cooking",
        "Cooking at home",
        "Cocina en casa",
        "Meals for the week in your kitchen, by the hour, with the dishes done.",
        "Comidas para la semana en tu cocina, por hora, con los platos lavados.",
        COOKING,
        cents_per_hour=3400,
        extras=("errand",),
    ),
)
