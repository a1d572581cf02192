"""Puts real staff to work at the busiest offices of some provinces; prints them as JSON."""

import json
import os
import sys
from itertools import cycle
from typing import Any

import django

from tests.benchmarks.prepare import session_of

FILES, ASKED, FOUND = 150, 30, 40
MINE = 60
UNFINISHED = ("registered", "in_progress", "waiting", "ready", "incomplete")
TILLS, FLOAT_RIEL = 5, 200_000


def _staff(name: str, office_id: int, *grants: tuple[str, int | None]) -> Any:
    from owso.accounts.models import User
    from services.offices.models import StaffRole

    user, is_new = User.objects.get_or_create(
        username=f"bench-{name}", defaults={"full_name_km": "អ្នកវាស់ សុខា", "password": "!"}
    )
    if is_new:
        StaffRole.objects.bulk_create(
            StaffRole(user=user, role=role, office_id=office_id, sector_id=sector_id)
            for role, sector_id in grants
        )
    return user


def _people(office_id: int) -> dict[str, Any]:
    """An agent of the two busiest sectors, and one person of each of the other roles."""
    from django.db.models import Count

    from services.requests.models import ServiceRequest

    waiting = ServiceRequest.objects.filter(office_id=office_id, state__in=UNFINISHED)
    sectors = waiting.values_list("service__sector_id").annotate(n=Count("pk")).order_by("-n")
    agent = _staff("agent", office_id, *(("agent", sector) for sector, _n in sectors[:2]))
    _give_files(agent, office_id)
    return {
        "agent": agent,
        "chief": _staff("chief", office_id, ("chief", None)),
        "signatory": _staff("signatory", office_id, ("signatory", None)),
        "cashier": _staff("cashier", office_id, ("cashier", None)),
        "officer": _staff("officer", office_id, ("information_officer", None)),
    }


def _give_files(agent: Any, office_id: int) -> None:
    """Some files are the agent's own already, and some are asked the agent's opinion."""
    from owso.errors import DomainError
    from services.casework.actions import take_file
    from services.casework.models import Opinion
    from services.offices.actors import actor_of
    from services.requests.models import ServiceRequest
    from tenants import clock

    actor = actor_of(agent)
    found = ServiceRequest.objects.held_by(actor).filter(
        state="in_progress", current_visit__actor_role="agent"
    )
    ids = list(found.order_by("due_at").values_list("id", flat=True)[: 4 * MINE])
    for request_id in ids[::4]:
        try:
            take_file(request_id, by=actor)
        except DomainError:
            continue
    if not Opinion.objects.filter(role="agent").exists():
        Opinion.objects.bulk_create(
            Opinion(
                request_id=request_id,
                office_id=office_id,
                role="agent",
                question="តើឯកសារនេះត្រឹមត្រូវឬទេ?",
                asked_by=agent,
                asked_at=clock.now(),
                due_at=clock.now(),
            )
            for request_id in ids[1::4]
        )


def _files(user: Any) -> list[str]:
    """Files in every state that somebody may see, the most urgent and the newest."""
    from services.offices.actors import actor_of
    from services.requests.models import ServiceRequest

    seen = ServiceRequest.objects.held_by(actor_of(user))
    found = []
    for state in (*UNFINISHED, "delivered", "rejected"):
        rows = seen.filter(state=state).order_by("-id").values_list("tracking_code", flat=True)
        found += list(rows[:ASKED])
    return found[: 2 * FILES]


def _texts(user: Any) -> dict[str, list[str]]:
    """What is typed to find somebody: the name in several spellings, phone, code, paper."""
    from services.offices.actors import actor_of
    from services.requests.codes import format_code
    from services.requests.models import ServiceRequest
    from tenants import sealing

    rows = ServiceRequest.objects.held_by(actor_of(user)).select_related("applicant")
    rows = rows.filter(applicant__phone_sealed__isnull=False, applicant__id_sealed__isnull=False)
    people = list(rows.order_by("-id")[: 50 * FOUND : 50])
    spellings = cycle((str, _other_coeng, _with_breaks, _first_word, _given_name))
    return {
        "name": [how(row.applicant.full_name) for how, row in zip(spellings, people, strict=False)],
        "phone": [
            how(sealing.unseal(bytes(row.applicant.phone_sealed)).replace("+855", "0"))
            for how, row in zip(cycle((str, _khmer_digits)), people, strict=False)
        ],
        "code": [
            how(format_code(row.tracking_code))
            for how, row in zip(cycle((str, str.lower, _khmer_digits)), people, strict=False)
        ],
        "paper": [sealing.unseal(bytes(row.applicant.id_sealed)) for row in people],
    }


def _other_coeng(name: str) -> str:
    return name.replace("\u17d2\u178f", "\u17d2\u178a")


def _with_breaks(name: str) -> str:
    return name.replace(" ", " \u200b")


def _first_word(name: str) -> str:
    return name.split()[0]


def _given_name(name: str) -> str:
    return name.split()[-1]


def _khmer_digits(text: str) -> str:
    return text.translate(str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩"))


def _tills() -> list[dict[str, Any]]:
    """Cashiers of the busiest district office with an open till each; they register as well."""
    from django.db.models import Count

    from services.cashier.actions import open_till
    from services.cashier.tills import till_in_hand
    from services.offices.actors import actor_of
    from services.offices.models import Counter, Office
    from services.requests.models import ServiceRequest

    counted = ServiceRequest.objects.filter(office__kind="district").values_list("office_id")
    office_id = counted.annotate(n=Count("pk")).order_by("-n")[0][0]
    roles = (("cashier", None), ("information_officer", None))
    tills = []
    for number in range(TILLS):
        user = _staff(f"till-{os.getpid()}-{number}", office_id, *roles)
        counter, _new = Counter.objects.get_or_create(office_id=office_id, number=100 + number)
        open_till(office_id, counter.pk, float_riel=FLOAT_RIEL, float_cents=0, by=actor_of(user))
        till = till_in_hand(user.pk)
        assert till is not None
        place = Office.objects.get(pk=office_id).code
        tills.append({"session": session_of(user), "id": till.pk, "office": place})
    return tills


def _province(province: Any, *, with_tills: bool) -> dict[str, Any]:
    from django.db.models import Count

    from services.requests.models import ServiceRequest

    host = f"{province.slug}.localhost"
    if with_tills:
        return {"host": host, "tills": _tills()}
    waiting = ServiceRequest.objects.filter(state__in=UNFINISHED).values_list("office_id")
    office_id = waiting.annotate(n=Count("pk")).order_by("-n")[0][0]
    people = _people(office_id)
    return {
        "host": host,
        "sessions": {name: session_of(user) for name, user in people.items()},
        "files": {name: _files(user) for name, user in people.items()},
        "texts": _texts(people["chief"]),
    }


def main() -> None:
    """Work through the provinces named on the command line; `tills` first opens tills instead."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "owso.settings")
    django.setup()
    from tenants.context import in_province, province_by_code

    codes = [word for word in sys.argv[1:] if word != "tills"]
    found = []
    for code in codes:
        province = province_by_code(code)
        assert province is not None, code
        with in_province(province):
            found.append(_province(province, with_tills="tills" in sys.argv))
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
