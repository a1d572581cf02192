"""Finding a person who was here before: by number, phone or name, in either spelling, masked."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.contrib.postgres.lookups import TrigramSimilar
from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from owso.accounts.permissions import Verb
from owso.errors import Invalid
from services.offices.actors import Actor
from services.requests.khmer import mask, normalise
from services.requests.models import Applicant, IdKind
from services.requests.people import hashed
from services.requests.texts import Fields, clean_paper_number, clean_phone
from tenants import sealing

SHOWN = 5
GATHERED = 200
SHORTEST_NAME = 3
SHORTEST_NUMBER = 6
VISIBLE_DIGITS = 3
VISIBLE_END = 2
LONGEST_CHOICE = 200


@dataclass(frozen=True, slots=True)
class Known:
    """An earlier applicant as a list shows one; `choice` stands for the row, for one person."""

    id: int
    choice: str
    name: str
    phone: str
    paper: str


def find_applicants(
    actor: Actor, *, office_id: int, name: str = "", phone: str = "", id_number: str = ""
) -> tuple[Known, ...]:
    """Find earlier applicants of the province, the surest trace first: paper, phone, then name.

    At most five, masked; an exact number needs the whole number. Raises NotAllowed.
    """
    actor.require(Verb.REGISTER, office_id=office_id)
    for condition in (_by_paper(id_number), _by_phone(phone)):
        found = list(_findable().filter(condition)[:GATHERED]) if condition else []
        if found:
            return _known(actor, sorted(found, key=attrgetter("id"), reverse=True))
    return _known(actor, _by_name(normalise(name[:200].replace("\x00", ""))))


def chosen_applicant(actor: Actor, choice: str) -> int:
    """Return the row a choice stands for; raise Invalid unless this person was shown it."""
    return _applicant(actor, choice).pk


def known_applicant(actor: Actor, choice: str) -> Known:
    """Return a choice as it was shown, for the form that is opened again."""
    return _shown(actor, _applicant(actor, choice))


def _applicant(actor: Actor, choice: str) -> Applicant:
    found = Applicant.objects.filter(pk=_opened(actor, choice)).first()
    if found is None:
        message = _("This applicant can no longer be chosen. Look for the person again.")
        raise Invalid("applicant_unknown", message, fields={"applicant": message})
    return found


def _findable() -> QuerySet[Applicant]:
    """Everybody but those whose objection to being found again was upheld."""
    objections = apps.get_model("privacy", "Objection").objects
    upheld = objections.filter(
        request__applicant_id=OuterRef("pk"), against="reuse", decision="upheld"
    )
    return Applicant.objects.filter(~Exists(upheld))


def _choice(actor: Actor, row: Applicant) -> str:
    """Seal a row's id for one person: nobody can choose, or count, what they were not shown."""
    return urlsafe_b64encode(sealing.seal(f"{actor.user_id}:{row.pk}")).decode()


def _opened(actor: Actor, choice: str) -> int:
    try:
        whose, _colon, number = sealing.unseal(
            urlsafe_b64decode(choice[:LONGEST_CHOICE].encode())
        ).partition(":")
        return int(number) if whose == str(actor.user_id) else 0
    except (ValueError, KeyError, IndexError, InvalidTag):
        return 0


def _by_paper(typed: str) -> Q | None:
    if len(typed.strip()) < SHORTEST_NUMBER:
        return None
    papers = []
    for kind in IdKind.values:
        fields = Fields()
        number = clean_paper_number(typed, kind=kind, field="id", fields=fields)
        if not fields.wrong:
            papers.append(hashed(f"{kind}:{number}"))
    return Q(id_hash__in=papers)


def _by_phone(typed: str) -> Q | None:
    number = clean_phone(typed, field="phone", fields=Fields())
    return Q(phone_hash=hashed(number)) if number else None


def _by_name(name: str) -> list[Applicant]:
    """Rows that contain the name, then rows that resemble it; bounded before they are sorted."""
    if len(name) < SHORTEST_NAME:
        return []
    rows = list(_findable().filter(name_search__contains=name)[:GATHERED])
    rows.sort(key=lambda row: (row.name_search != name, -row.pk))
    if len(rows) < SHOWN:
        near = _findable().filter(TrigramSimilar(F("name_search"), Value(name)))
        near = near.annotate(likeness=TrigramSimilarity("name_search", name))
        have = {row.pk for row in rows}
        alike = sorted(near[:GATHERED], key=lambda row: (-row.likeness, -row.pk))
        rows += [row for row in alike if row.pk not in have]
    return rows


def _known(actor: Actor, rows: Iterable[Applicant]) -> tuple[Known, ...]:
    return tuple(_shown(actor, row) for row in list(rows)[:SHOWN])


def _shown(actor: Actor, row: Applicant) -> Known:
    return Known(
        id=row.pk,
        choice=_choice(actor, row),
        name=mask(row.full_name),
        phone=_masked_phone(row),
        paper=_masked_paper(row),
    )


def _masked_phone(row: Applicant) -> str:
    if row.phone_sealed is None:
        return ""
    number = sealing.unseal(bytes(row.phone_sealed)).replace("+855", "0", 1)
    return f"{number[:VISIBLE_DIGITS]} ••• {number[-VISIBLE_DIGITS:]}"


def _masked_paper(row: Applicant) -> str:
    if row.id_sealed is None or row.id_kind not in IdKind.values:
        return ""
    end = sealing.unseal(bytes(row.id_sealed))[-VISIBLE_END:]
    return f"{IdKind(row.id_kind).label} ••• {end}"
