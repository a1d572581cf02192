"""The stories played through the programming interface: the volume of the day."""

from typing import Any
from uuid import uuid4

from deploy.selfcheck.browser import Answer, Browser
from deploy.selfcheck.counter_day import CONFLICT, NAME, desk_of
from deploy.selfcheck.plan import ProvincePlan, ServicePlan
from deploy.selfcheck.problems import CheckError
from deploy.selfcheck.tally import Tally

ROOT = "/api/v1/requests/"
Facts = dict[str, Any]


class Programs:
    """The same people, their steps taken by calls."""

    def __init__(self, plan: ProvincePlan, desks: dict[str, Browser], tally: Tally) -> None:
        self.plan = plan
        self.desks = desks
        self.tally = tally

    def finished(self, service: ServicePlan) -> None:
        """Register twice with one key, go through all stages, one step twice, hand over."""
        made = self._register(service, quantity=3 if service.takes_quantity else 1, times=2)
        for place, role in enumerate(service.roles):
            number = made["stage"]["number"]
            step = service.step_of(role)
            before, made = made, self._post(desk_of(role), made, step, stage_number=number)
            if place == 0:
                path, seen = self._path(before, step), {"stage_number": number}
                self.desks[desk_of(role)].call("POST", path, seen).must(CONFLICT)
        made = self._post("reception", made, "deliver", collector_name=NAME)
        self._expect(made, "delivered")

    def paused(self, service: ServicePlan) -> None:
        """Stop the clock, start it, and leave the file on the desk."""
        made = self._register(service)
        seen = made["stage"]["number"]
        made = self._post("agent", made, "pause", stage_number=seen, reason="papers_missing")
        self._expect(made, "waiting")
        self._post("agent", made, "resume")

    def withdrawn(self, service: ServicePlan) -> None:
        """The citizen no longer wants it after the first stage."""
        made = self._register(service)
        role = service.roles[0]
        made = self._post(desk_of(role), made, "advance", stage_number=made["stage"]["number"])
        made = self._post("reception", made, "withdraw", stage_number=made["stage"]["number"])
        self._expect(made, "withdrawn")

    def completed_later(self, service: ServicePlan) -> None:
        """Papers are missing first; the fee is paid when they have come."""
        body = {**self._body(service, 1), "is_complete": False, "payment": None}
        made = self._answered(body).must(201).json()
        self.tally.stepped()  # received
        answer = self.desks["reception"].call("POST", self._path(made, "complete")).must(200)
        self.tally.registered(made["code"], at=answer.at)
        self._pay(made, service.amount_riel)

    def reversed(self, service: ServicePlan) -> None:
        """A payment taken back by two people and refused to the first of them."""
        made = self._register(service)
        path = f"{ROOT}{made['code']}/receipts/{made['receipts'][0]['number']}/reversal/"
        asked = {"reason": "wrong_amount"}
        self.desks["cashier"].call("POST", path, asked).must(200)
        self.desks["cashier"].call("POST", f"{path}approval/").must(403)
        self.desks["chief"].call("POST", f"{path}approval/").must(200)
        self.tally.reversed(service.amount_riel)

    def refused(self, service: ServicePlan) -> None:
        """What must be refused with nothing written."""
        good = self._body(service, 1)
        for wrong in (
            {**good, "quantity": -1},
            {**good, "service": "NO-SUCH"},
            {**good, "applicant": {"full_name": ""}},
            {**good, "payment": {"riel": -5}},
        ):
            self._answered(wrong).must(404, 422)

    def _register(self, service: ServicePlan, *, quantity: int = 1, times: int = 1) -> Facts:
        key, body, codes = uuid4(), self._body(service, quantity), set()
        for _ in range(times):
            answer = self._answered(body, key).must(201)
            codes.add(answer.json()["code"])
            if len(codes) > 1:
                raise CheckError(f"One key registered {' and '.join(sorted(codes))}.")
        made: Facts = answer.json()
        due = service.amount_riel * quantity
        self.tally.registered(made["code"], at=answer.at, paid_riel=due)
        if made["fee"]["paid_riel"] != due:
            raise CheckError(f"{made['code']} was charged {made['fee']} instead of {due} riel.")
        return made

    def _answered(self, body: Facts, key: object = None) -> Answer:
        return self.desks["reception"].call("POST", ROOT, body, key=key or uuid4())

    def _body(self, service: ServicePlan, quantity: int) -> Facts:
        return {
            "service": service.code,
            "office": self.plan.unit,
            "applicant": {"full_name": NAME, "phone": "012 345 678"},
            "quantity": quantity,
            "payment": {"method": "cash"},
        }

    def _pay(self, made: Facts, amount_riel: int) -> None:
        path, key = self._path(made, "payment"), uuid4()
        for _ in range(2):
            self.desks["cashier"].call("POST", path, {"payment": {}}, key=key).must(200)
        self.tally.paid(amount_riel)

    def _post(self, who: str, made: Facts, name: str, **data: object) -> Facts:
        answer = self.desks[who].call("POST", self._path(made, name), data).must(200)
        self.tally.stepped()
        found: Facts = answer.json()
        return found

    @staticmethod
    def _path(made: Facts, name: str) -> str:
        return f"{ROOT}{made['code']}/{name}/"

    @staticmethod
    def _expect(made: Facts, state: str) -> None:
        if made["state"] != state:
            raise CheckError(f"{made['code']} is {made['state']} instead of {state}.")
