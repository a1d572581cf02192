"""The catalogue as the product carries it, and what a second load does."""

import json
import shutil
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.db.models import Count, F, Sum

from services.catalogue.definitions import DATA, BadCatalogueError, read_catalogue
from services.catalogue.fees import quote
from services.catalogue.kinds import Ceiling
from services.catalogue.loading import FIRST_DAY, load_catalogue
from services.catalogue.models import FeeTier, Service, ServiceVersion, StageTemplate
from services.catalogue.plans import MINUTES_OF_A_DAY
from services.catalogue.queries import offered, published_version

SHARED = Path(__file__).resolve().parents[4] / "shared/data/services.json"
TODAY = date(2026, 11, 23)
TOMORROW = date(2026, 11, 24)
# What the files say of themselves: a slip of the standings would show here.
FEE_STANDINGS = {"sourced": 30, "derived": 1, "placeholder": 48}
LIMIT_STANDINGS = {"sourced": 20, "placeholder": 59}


def shared_services():
    return json.loads(SHARED.read_text())["services"] if SHARED.exists() else []


def standing_of(words):
    for start, standing in (
        ("sourced", "sourced"),
        ("placeholder", "placeholder"),
        ("not stated", "not_stated"),
    ):
        if words.startswith(start):
            return standing
    return "derived"


def expected(entry):
    stated = entry["status"]
    days = entry["max_working_days"]
    return {
        "name": entry["name_km"],
        "name_standing": standing_of(stated["name_km"]),
        "fee": standing_of(stated["fee"]),
        "limit": standing_of(stated["days"]) if days else "placeholder",
        "validity": standing_of(stated["validity"]),
        "days": days or 30,
        "documents": len(entry["required_documents_km"]),
    }


def found(code):
    terms = published_version(code, on=TODAY)
    return {
        "name": terms.name_km,
        "name_standing": terms.standings.name,
        "fee": terms.standings.fee,
        "limit": terms.standings.limit,
        "validity": terms.standings.validity,
        "days": terms.limit_days,
        "documents": len(terms.documents),
    }


def amounts_stated(entry):
    stated = {entry["fee_khr"]}
    for tier in entry["fee_tiers"]:
        stated |= {value for key, value in tier.items() if key.endswith("_khr")}
    return stated - {None}


def test_all_services_are_published_once_from_2010_on(db):
    versions = ServiceVersion.objects.values_list("number", "state", "valid_from", "valid_until")
    assert Service.objects.count() == 79
    assert set(versions) == {(1, "published", FIRST_DAY, None)}
    assert [len(offered(level, TODAY)) for level in ("province", "district", "commune")] == [
        51,
        25,
        3,
    ]


def test_the_standings_are_those_of_the_shared_data(db):
    wrong = [
        (entry["code"], found(entry["code"]), expected(entry))
        for entry in shared_services()
        if found(entry["code"]) != expected(entry)
    ]
    assert wrong == []


def test_the_amounts_are_those_of_the_shared_data(db):
    wrong = [
        entry["code"]
        for entry in shared_services()
        if amounts_stated(entry)
        != {tier.amount_riel for tier in published_version(entry["code"], on=TODAY).fee.tiers}
    ]
    assert wrong == []


def test_the_files_state_how_well_each_figure_is_founded():
    versions = [service.version for service in read_catalogue().services]
    assert Counter(version.fee_standing for version in versions) == FEE_STANDINGS
    assert Counter(version.limit_standing for version in versions) == LIMIT_STANDINGS


def test_a_demo_fee_never_rests_on_a_legal_text():
    for service in read_catalogue().services:
        is_demo = service.version.fee_standing == "placeholder"
        assert (service.version.fee.instrument == "demo-placeholder") == is_demo, service.code


def test_stages_never_take_longer_than_the_legal_limit(db):
    planned = StageTemplate.objects.values("version").annotate(
        minutes=Sum("limit_minutes"), limit=F("version__limit_days") * MINUTES_OF_A_DAY
    )
    assert len(planned) == 79
    assert [row for row in planned if row["minutes"] > row["limit"]] == []


def test_every_text_is_there_in_both_languages(db):
    for level in ("province", "district", "commune"):
        for terms in offered(level, TODAY):
            texts = [(terms.name_km, terms.name_en), (terms.fee.unit_km, terms.fee.unit_en)]
            for stage in terms.stages:
                texts += [(stage.name_km, stage.name_en), (stage.citizen_km, stage.citizen_en)]
            texts += [(paper.name_km, paper.name_en) for paper in terms.documents]
            for khmer, english in texts:
                assert any("\u1780" <= letter <= "\u17ff" for letter in khmer), terms.service_code
                assert english.isprintable()
                assert english
                assert "{" not in khmer + english


@pytest.mark.parametrize(
    ("code", "values", "quantity", "amount", "ceiling"),
    [
        ("LAN-D-001", {"area": "below_100_m2", "price": "maximum"}, 1, 50_000, "maximum"),
        ("LAN-D-001", {"area": "100_to_500_m2", "price": "concessional"}, 1, 75_000, "exact"),
        ("CON-D-001", {"area": "300_to_400_m2", "place": "outside_town"}, 1, 980_000, "exact"),
        ("LEG-D-001", {"price": "concessional"}, 12, 6_000, "exact"),
        ("TRA-P-001", {"nationality": "citizen"}, 1, 30_000, "exact"),
        ("TRA-P-001", {"nationality": "foreigner"}, 1, 100_000, "exact"),
        ("TRA-P-002", {"part": "practical"}, 1, 7_500, "exact"),
        ("TRA-P-012", {"plates": "pair"}, 1, 65_000, "exact"),
        ("TRA-P-014", {"payload": "over_10_t"}, 1, 100_000, "exact"),
        ("LAN-P-004", {"place_class": "rural"}, 4, 120_000, "exact"),
        ("ADM-P-001", {}, 2, 40_000, "maximum"),
        ("TOU-D-002", {}, 12, 60_000, "exact"),
        ("AGR-P-001", {}, 1, 0, "exact"),
    ],
)
def test_fees_are_those_of_the_published_tables(db, code, values, quantity, amount, ceiling):
    result = quote(published_version(code, on=TODAY).fee, values=values, quantity=quantity)
    assert (result.amount_riel, result.ceiling) == (amount, Ceiling(ceiling))


def test_every_fee_of_every_service_can_be_quoted(db):
    for level in ("province", "district", "commune"):
        for terms in offered(level, TODAY):
            for tier in terms.fee.tiers:
                assert quote(terms.fee, values=tier.conditions, quantity=1).tier_id == tier.id


def changed_catalogue(code, **changes):
    catalogue = read_catalogue()
    services = tuple(
        replace(service, version=replace(service.version, **changes))
        if service.code == code
        else service
        for service in catalogue.services
    )
    return replace(catalogue, services=services)


def versions_of(code):
    return list(
        ServiceVersion.objects.filter(service__code=code)
        .order_by("number")
        .values_list("number", "state", "valid_from", "valid_until", "limit_days")
    )


def test_a_second_load_changes_nothing(owner):
    before = (ServiceVersion.objects.count(), FeeTier.objects.aggregate(last=Count("id")))
    report = load_catalogue(read_catalogue(), starting=TODAY)
    assert (report.total, report.new, report.changed) == (79, (), ())
    assert (ServiceVersion.objects.count(), FeeTier.objects.aggregate(last=Count("id"))) == before


def test_a_changed_file_makes_the_next_version(owner):
    report = load_catalogue(changed_catalogue("TRA-D-001", limit_days=2), starting=TOMORROW)
    assert report.changed == ("TRA-D-001",)
    assert versions_of("TRA-D-001") == [
        (1, "published", FIRST_DAY, TODAY, 1),
        (2, "published", TOMORROW, None, 2),
    ]
    assert published_version("TRA-D-001", on=TODAY).limit_days == 1
    assert published_version("TRA-D-001", on=TOMORROW).limit_days == 2


def test_two_changes_of_one_day_leave_one_version_in_force(owner):
    load_catalogue(changed_catalogue("TRA-D-001", limit_days=2), starting=TODAY)
    load_catalogue(changed_catalogue("TRA-D-001", limit_days=3), starting=TODAY)
    assert [(number, state) for number, state, *_ in versions_of("TRA-D-001")] == [
        (1, "published"),
        (2, "retired"),
        (3, "published"),
    ]
    assert published_version("TRA-D-001", on=TODAY).limit_days == 3


def test_a_retired_service_stays_retired_on_the_next_load(owner):
    ServiceVersion.objects.filter(service__code="TRA-D-001").update(state="retired")
    load_catalogue(read_catalogue(), starting=TODAY)
    assert [state for _, state, *_ in versions_of("TRA-D-001")] == ["retired"]


def test_a_closed_service_stays_closed_on_the_next_load(owner):
    Service.objects.filter(code="TRA-D-001").update(is_open=False)
    load_catalogue(read_catalogue(), starting=TODAY)
    assert Service.objects.filter(is_open=False).count() == 1


def spoil(path, change):
    entries = json.loads(path.read_text())
    change(entries[0])
    path.write_text(json.dumps(entries))


def set_to(*keys, value):
    def change(entry):
        for key in keys[:-1]:
            entry = entry[key]
        entry[keys[-1]] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        set_to("level", value="planet"),
        set_to("limit", "standing", value="surely"),
        set_to("plan", value="no_such_plan"),
        set_to("legal_basis", value="no-such-text"),
        set_to("fee", "instrument", value="no-such-text"),
        set_to("fee", "tiers", value=[]),
        set_to("fee", "kind", value="free"),
        set_to("fee", "kind", value="by_dimension"),
        set_to("fee", "tiers", 0, "conditions", value={"colour": "red"}),
        set_to("code", value="COM-D-001"),
        lambda entry: entry.pop("validity"),
        lambda entry: entry["fee"]["tiers"].append(entry["fee"]["tiers"][0]),
    ],
)
def test_a_data_file_that_cannot_be_is_refused(tmp_path, change):
    folder = shutil.copytree(DATA, tmp_path / "data")
    spoil(folder / "services/administration.json", change)
    with pytest.raises(BadCatalogueError):
        read_catalogue(folder)


def test_a_bad_file_is_named_with_its_service(tmp_path):
    folder = shutil.copytree(DATA, tmp_path / "data")
    spoil(folder / "services/land.json", set_to("level", value="planet"))
    with pytest.raises(BadCatalogueError, match=r"land\.json, service LAN-P-001"):
        read_catalogue(folder)


def test_a_file_that_is_not_json_is_named(tmp_path):
    folder = shutil.copytree(DATA, tmp_path / "data")
    (folder / "sectors.json").write_text("{")
    with pytest.raises(BadCatalogueError, match=r"sectors\.json"):
        read_catalogue(folder)
