"""The stories played at the counter's own pages, form by form, as people do it."""

from uuid import uuid4

from deploy.selfcheck.browser import Answer, Browser
from deploy.selfcheck.forms import Form, form_to, form_with
from deploy.selfcheck.plan import ServicePlan
from deploy.selfcheck.problems import CheckError
from deploy.selfcheck.tally import Tally

NAME = "សុខ ដារ៉ា"
CONFLICT = 409
PDF = b"%PDF"


class Counter:
    """The people of one unit, each before a browser, and what they did."""

    def __init__(self, desks: dict[str, Browser], tally: Tally) -> None:
        self.desks = desks
        self.tally = tally

    def whole_life(self, service: ServicePlan) -> str:
        """Register, print, pause, resume, advance through all stages, hand over."""
        form = self._registration(service)
        code = self._register(form, paid_riel=service.amount_riel)
        again = self._sent(form)
        if again != code:
            raise CheckError(f"The same form sent twice gave {code} and {again}.")
        slip = self.desks["reception"].get(f"{code}/slip.pdf").must(200)
        if not slip.body.startswith(PDF):
            raise CheckError(f"{code}/slip.pdf is not a PDF.")
        self._step("agent", code, "pause", reason="papers_missing")
        self._step("agent", code, "resume")
        for place, role in enumerate(service.roles):
            self._finish(role, code, service.step_of(role), is_doubled=place == 0)
        self._step("reception", code, "deliver")
        return code

    def money_and_refusal(self, service: ServicePlan) -> str:
        """Pay later, take it back by two people, pay again, forward, reject."""
        code = self._register(self._registration(service, way="later"), paid_riel=0)
        self._pay(code, service.amount_riel)
        self._reverse(code, service.amount_riel)
        self._pay(code, service.amount_riel)
        page = self.desks["reception"].get(code).must(200)
        form = form_to(page, "/forward")
        first_district = next(value for value in form.options["office"] if value)
        self.desks["reception"].submit(form, office=first_district).must(302)
        self._step("district", code, "reject", reason="ឯកសារមិនត្រឹមត្រូវ")
        self.tally.stepped(1)
        return code

    def _registration(self, service: ServicePlan, *, way: str = "cash") -> Form:
        page = self.desks["reception"].get(f"/requests/new?service={service.code}").must(200)
        form = form_with(page, "full_name")
        form.values["full_name"] = [NAME]
        form.values["phone"] = ["០១២ ៣៤៥ ៦៧៨"]
        form.values["papers"] = form.options.get("papers", [])
        if service.amount_riel:
            form.values["way"] = [way]
        return form

    def _sent(self, form: Form) -> str:
        answer = self.desks["reception"].submit(form).must(302)
        return request_of(answer)

    def _register(self, form: Form, *, paid_riel: int) -> str:
        answer = self.desks["reception"].submit(form).must(302)
        code = request_of(answer)
        self.tally.registered(code.rpartition("/")[2], at=answer.at, paid_riel=paid_riel)
        return code

    def _step(self, who: str, code: str, name: str, **fields: str) -> Answer:
        page = self.desks[who].get(code).must(200)
        answer = self.desks[who].submit(form_to(page, f"/{name}"), **fields).must(302)
        self.tally.stepped()
        return answer

    def _finish(self, role: str, code: str, step: str, *, is_doubled: bool) -> None:
        desk = self.desks[desk_of(role)]
        form = form_to(desk.get(code).must(200), f"/{step}")
        desk.submit(form).must(302)
        self.tally.stepped()
        if is_doubled:
            desk.submit(form).must(CONFLICT)

    def _pay(self, code: str, amount_riel: int) -> None:
        page = self.desks["cashier"].get(code).must(200)
        form = form_to(page, "/pay")
        for _ in range(2):  # a second press of the button is the same payment
            self.desks["cashier"].submit(form).must(302)
        self.tally.paid(amount_riel)

    def _reverse(self, code: str, amount_riel: int) -> None:
        cashier, chief = self.desks["cashier"], self.desks["chief"]
        asking = form_to(cashier.get(code).must(200), "/reversal")
        cashier.submit(asking, reason="wrong_amount").must(302)
        page = chief.get(code).must(200)
        form = next_decision(page)
        own = form_with(cashier.get(code).must(200), "csrfmiddlewaretoken")
        own.action = form.action
        cashier.submit(own, decision="approve").must(403)
        chief.submit(form, decision="approve").must(302)
        self.tally.reversed(amount_riel)


def request_of(answer: Answer) -> str:
    """The address of the request a registration led to."""
    return answer.headers["Location"].removesuffix("/registered")


def next_decision(page: Answer) -> Form:
    """The form by which a second person decides about a reversal."""
    path = page.address.partition("/")[2]
    start = page.text.partition(f"/{path}/reversal/")[2]
    number = start.partition('"')[0]
    return form_to(page, f"/reversal/{number}")


def desk_of(role: str) -> str:
    """Who of the staff holds a role."""
    return {"information_officer": "reception", "specialist": "agent"}.get(role, role)


def new_key() -> str:
    """A fresh idempotency key."""
    return str(uuid4())
