"""Names, streets and areas for a co-op that could be next door. Nobody here is real."""

from dataclasses import dataclass
from random import Random


def _list(text: str, mark: str) -> list[str]:
    return text.split(mark)


FIRST = _list(
    "Carmen Dolores Yasmin Ana Lucía Rosa Marisol Beatriz Ximena Guadalupe Esther Patricia Noemí Adela Inés Ruth Grace "
    "Fatou Mei Aisha Joan Tessa Bo Marcus Andre Tomás Julio Kwame Rafael Samir Odette Pilar Renée Ivonne Sol Teresa "
    "Claudia Verónica Denise Amara Leticia Silvia Wanda Farida Milagros Joyce Elena Nadia Hilda Gloria",
    " ",
)
LAST = _list(
    "Domínguez Reyes Morales Khan Vargas Ortiz Flores Medina Castillo Okafor Malone Chen Diallo Joseph Baptiste "
    "Quiroz Peralta Guzmán Mensah Rivera Salas Núñez Cordero Alvarado Pierre Williams Santos Luna Ibarra Acosta "
    "Bennett Duarte Figueroa Haddad Jiménez Lozano Mitchell Paredes Robles Serrano Torres Urbina Valdez Wright Zamora",
    " ",
)
HOUSEHOLDS = _list(
    "Lee Goldberg Patel O'Brien Nguyen Rosenthal Kim Johnson Schwartz Brown Ahmed Rossi Cohen Davis Park Ferrari Walsh "
    "Hoffman Singh Murphy Katz Robinson Greene Dubois Levine Carter Huang Novak Stein Moreno Fischer Bell Tanaka Russo "
    "Weiss Coleman Ali Petrov Gallagher Blum",
    " ",
)
CALLED = _list(
    "Dana Robin Jamie Alex Priya Sam Hannah Miguel Erin Noah Leila Omar Judith Paul Nina Walter Sofía Daniel Ada Henry "
    "Maya Irene Lucas Tova Victor Camila George Rachel Hugo Esme",
    " ",
)
STREETS = _list(
    "Union St|Carroll St|President St|7th Ave|Garfield Pl|Dean St|Bergen St|Lafayette Ave|Clinton St|Court St|Smith St|"
    "Prospect Pl|Sterling Pl|Lincoln Pl|St Marks Ave|Park Pl|Ocean Ave|Rugby Rd|Cortelyou Rd|Nostrand Ave|Macon St",
    "|",
)
AREAS = _list("11215 11217 11201 11231 11238 11205 11216 11225 11226 11218 11230 11232 11211 11222 11206 11220", " ")
NOTES = _list(
    "Ring twice, the bell is quiet.|Key box left of the door, code {code}.|Doorman knows you are coming: say Evenhand.|"
    "Side gate, code {code}#. The cat stays inside.|Spare key with the neighbour in 1A.|"
    "Buzz {code}, third floor, no lift.",
    "|",
)


@dataclass(frozen=True)
class Name:
    """A person's name with an address for mail that leads nowhere."""

    full: str
    email: str


def names(dice: Random, count: int, *, first: list[str], last: list[str], at: str) -> list[Name]:
    """`count` different names; once the lists run out a number keeps addresses apart."""
    pairs = [f"{a} {b}" for a in first for b in last]
    dice.shuffle(pairs)
    found = []
    for n in range(count):
        full = pairs[n % len(pairs)]
        local = full.lower().translate(PLAIN).replace(" ", ".").replace("'", "")
        found.append(Name(full, f"{local}{'' if n < len(pairs) else n // len(pairs)}@{at}"))
    return found


PLAIN = str.maketrans("áéíóúñü", "aeiounu")


def street(dice: Random) -> tuple[str, str]:
    """A house number and street, and sometimes an apartment."""
    apartment = dice.choice(["", "", f"{dice.randint(1, 6)}{dice.choice('ABCDEF')}"])
    return f"{dice.randint(12, 890)} {dice.choice(STREETS)}", apartment


def note(dice: Random) -> str:
    """How to get in."""
    return dice.choice(NOTES).format(code=dice.randint(1000, 9999))
