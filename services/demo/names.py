"""Khmer names to invent people from: family names and given names, with their Latin spelling."""

from dataclasses import dataclass
from random import Random

from services.requests.khmer import normalise


@dataclass(frozen=True, slots=True)
class Name:
    """A part of a name in Khmer, as it is searched for, and in Latin letters."""

    km: str
    search: str
    en: str


def _names(table: str) -> tuple[Name, ...]:
    pairs = (entry.split() for entry in table.strip().splitlines())
    return tuple(Name(km, normalise(km), en) for km, en in pairs)


FAMILY = _names("""
សុខ Sok
ចាន់ Chan
ហេង Heng
លី Ly
ជា Chea
គឹម Kim
សេង Seng
ឈឹម Chhim
អ៊ុក Ouk
ពេជ្រ Pech
កែវ Keo
ម៉ៅ Mao
ទេព Tep
អ៊ុំ Oum
នួន Nuon
ញ៉ែម Nhem
ផាន Phan
រស់ Ros
សំ Sam
ស៊ិន Sin
តាន់ Tan
ថន Thon
វ៉ាន់ Vann
យិន Yin
ប៊ុន Bun
ឌឹម Dim
ហ៊ុន Hun
ខៀវ Khiev
មាស Meas
ណុប Nop
ប្រាក់ Prak
សាន San
ស្រី Srey
ទិត្យ Tith
អ៊ិន In
""")

FEMALE = _names("""
សុភា Sophea
ច័ន្ទណា Channa
សុខា Sokha
ស្រីមុំ Sreymom
បុប្ផា Bopha
ដារ៉ា Dara
សុវណ្ណារី Sovannary
រតនា Ratana
មាលា Mealea
ពិសី Pisey
កល្យាណ Kalyan
វិមាន Vimean
ចន្ថា Chantha
សុធារី Sotheary
លក្ខិណា Leakhena
ធីតា Thida
ស្រីនាង Sreyneang
គន្ធា Kunthea
ណារី Nary
សុជាតា Socheata
វណ្ណី Vanny
រស្មី Raksmey
មករា Makara
ផល្លា Phalla
""")

MALE = _names("""
សុភ័ក្រ Sopheak
វិជ្ជា Vichea
ពិសិដ្ឋ Piseth
សំណាង Samnang
រិទ្ធី Rithy
វុទ្ធី Vuthy
ចាន់ធូ Chanthou
សុវណ្ណ Sovann
បូរ៉ា Bora
ដារ៉ា Dara
វីរៈ Virak
សុខុម Sokhom
មុន្នី Mony
នរិន្ទ Narin
កុសល Kosal
ភារុណ Phearun
រដ្ឋា Ratha
សារ៉ាត់ Sarat
ធារ៉ា Theara
ឧត្តម Oudom
ចំរើន Chamroeun
វឌ្ឍនា Vathana
សុធា Sothea
បញ្ញា Panha
""")


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person; `sex` as on the identity paper, "f" or "m"."""

    name_km: str
    name_search: str
    name_en: str
    sex: str


def invent(rng: Random) -> Person:
    """Draw a person."""
    sex = "f" if rng.random() < 0.52 else "m"
    family = FAMILY[int(rng.random() * len(FAMILY))]
    given_names = FEMALE if sex == "f" else MALE
    given = given_names[int(rng.random() * len(given_names))]
    return Person(
        f"{family.km} {given.km}",
        f"{family.search} {given.search}",
        f"{family.en} {given.en}",
        sex,
    )
