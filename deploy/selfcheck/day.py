"""The whole day: every province's people at work, a few provinces at a time."""

import queue
import threading
from collections.abc import Callable

from deploy.selfcheck.browser import Browser
from deploy.selfcheck.counter_day import NAME, Counter
from deploy.selfcheck.plan import Plan, ProvincePlan, ServicePlan
from deploy.selfcheck.problems import CheckError
from deploy.selfcheck.program_day import Programs
from deploy.selfcheck.tally import Tally
from deploy.selfcheck.till_day import close_tills, open_tills

AT_ONCE = 3
STAFF = ("reception", "cashier", "agent", "chief", "signatory", "district")
PROBLEMS_SHOWN = 5


class Day:
    """What is to be done, what was done, and what went wrong."""

    def __init__(self, plan: Plan, port: int) -> None:
        self.plan = plan
        self.port = port
        self.tallies = {province.code: Tally() for province in plan.provinces}
        self.problems: list[str] = []
        # The session of each province's reception, for whoever tries it elsewhere.
        self.sessions: dict[str, dict[str, str]] = {}
        self.done = 0
        self._lock = threading.Lock()

    def play(self, *, after_each: Callable[[int], None]) -> None:
        """Work through all provinces; `after_each` hears how many are done."""
        waiting: queue.SimpleQueue[ProvincePlan] = queue.SimpleQueue()
        for province in self.plan.provinces:
            waiting.put(province)

        def work() -> None:
            while True:
                try:
                    province = waiting.get_nowait()
                except queue.Empty:
                    return
                self._province(province)
                with self._lock:
                    self.done += 1
                    after_each(self.done)

        threads = [threading.Thread(target=work, daemon=True) for _ in range(AT_ONCE)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _province(self, province: ProvincePlan) -> None:
        tally = self.tallies[province.code]
        desks = {name: Browser(self.port, province.host) for name in STAFF}
        try:
            for name, desk in desks.items():
                desk.sign_in(name, self.plan.keys)
            self.sessions[province.code] = desks["reception"].cookies
            self._stories(province, desks, tally)
            self._followed(tally)
        except CheckError as error:
            self.problems.append(f"{province.code}: {error}")
        finally:
            for desk in desks.values():
                desk.close()

    def _stories(self, province: ProvincePlan, desks: dict[str, Browser], tally: Tally) -> None:
        counter, programs = Counter(desks, tally), Programs(province, desks, tally)
        services = self._turn(province)
        open_tills(desks)
        counter.whole_life(services[0])
        counter.money_and_refusal(services[1])
        programs.refused(services[0])
        for story, service in zip(
            (
                programs.finished,
                programs.paused,
                programs.withdrawn,
                programs.completed_later,
                programs.reversed,
                programs.paused,
            ),
            [*services, *services],
            strict=False,
        ):
            story(service)
        close_tills(desks, tally)

    def _turn(self, province: ProvincePlan) -> list[ServicePlan]:
        """The paid services, beginning with another one in each province."""
        paid = [service for service in self.plan.services if service.amount_riel]
        start = int(province.code) % len(paid)
        return [*paid[start:], *paid[:start]]

    def _followed(self, tally: Tally) -> None:
        """A citizen follows the first and the last code; no name may be seen."""
        citizen = Browser(self.port, self.plan.public_host)
        for path in (f"/t/{tally.codes[0]}", f"/api/v1/track/{tally.codes[-1]}/"):
            page = citizen.get(path).must(200)
            if NAME in page.text:
                raise CheckError(f"{page.address} shows the applicant's name.")
        citizen.close()
