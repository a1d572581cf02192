"""Attempts over HTTP to get at another province's requests, or at what needs another role."""

from deploy.selfcheck.browser import Answer, Browser
from deploy.selfcheck.day import Day
from deploy.selfcheck.plan import ProvincePlan
from deploy.selfcheck.report import Probes
from services.requests.codes import new_code

REFUSALS = frozenset({302, 403, 404})
SIGN_IN = "/account/sign-in/"


def probe_hosts(day: Day) -> Probes:
    """Try every province's session and codes at its neighbour, and the ministry's everywhere."""
    probes = Probes()
    provinces = day.plan.provinces
    for own, neighbour in zip(provinces, [*provinces[1:], provinces[0]], strict=True):
        if day.tallies[own.code].codes and neighbour.code in day.sessions:
            _probe(day, own, neighbour, probes)
    _probe_ministry(day, probes)
    return probes


def _probe(day: Day, own: ProvincePlan, neighbour: ProvincePlan, probes: Probes) -> None:
    code = day.tallies[own.code].codes[0]
    native = Browser(day.port, own.host, cookies=day.sessions[own.code])
    paths = (f"/requests/{code}", f"/requests/{code}/slip.pdf", f"/api/v1/requests/{code}/")
    for path in paths:
        native.get(path).must(200)
    for host in (neighbour.host, day.plan.public_host):
        stranger = Browser(day.port, host, cookies=native.cookies)
        for path in (*paths, "/queue", "/api/v1/requests/", "/national/"):
            _note(probes, f"session of {own.code}", stranger.get(path))
        stranger.close()
    colleague = Browser(day.port, neighbour.host, cookies=day.sessions[neighbour.code])
    for path in paths:
        _note(probes, f"code of {own.code}", colleague.get(path))
    advance = colleague.call("POST", f"/api/v1/requests/{code}/advance/", {"stage_number": 1})
    _note(probes, f"step on {own.code}", advance)
    _note(probes, "nobody signed in", Browser(day.port, own.host).get(paths[0]))
    native.close()
    colleague.close()


def _probe_ministry(day: Day, probes: Probes) -> None:
    viewer = Browser(day.port, day.plan.public_host)
    viewer.sign_in("viewer", day.plan.keys)
    for province in day.plan.provinces:
        stranger = Browser(day.port, province.host, cookies=viewer.cookies)
        for path in ("/", "/queue", "/api/v1/requests/"):
            _note(probes, "session of the ministry", stranger.get(path))
        stranger.close()
    unknown = Browser(day.port, f"no-such-province.{day.plan.public_host}")
    _note(probes, "unknown host", unknown.get("/"))
    citizen = Browser(day.port, day.plan.public_host)
    _note(probes, "nobody signed in", citizen.get("/national/"))
    answers = [citizen.get(f"/t/{typed}") for typed in map(new_code, ("01", "02", "99"))]
    is_same = len({(each.status, each.body) for each in answers}) == 1
    probes.note("unknown codes are told apart", is_refused=is_same)


def _note(probes: Probes, who: str, answer: Answer) -> None:
    to_sign_in = SIGN_IN in answer.headers.get("Location", SIGN_IN)
    is_refused = answer.status in REFUSALS and to_sign_in
    probes.note(f"{who}: {answer.address} answered {answer.status}", is_refused=is_refused)
