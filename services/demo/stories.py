"""Decides by chance what happens to each invented request, and when."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from services.demo import proportions
from services.demo.axis import Days, Starts
from services.demo.codes import code_from_bits
from services.demo.life import Case, Coin, Life, Place
from services.demo.lines import NULL, Lines
from services.demo.offers import Choice, Offer
from services.demo.people import Crowd
from services.requests.models import AuthorityKind, PauseReason
from services.requests.states import State

CODE_BITS = 50
MINUTES_A_WORKING_DAY = 420
LATE_BY = 1.03
POOL = 1024
SPEED_ALPHA, SPEED_BETA, SPEED_MAX = 2.2, 2.6, 0.97
CENTS_MAX = 100
REASONS = [
    (PauseReason.PAPERS_MISSING, 5.0),
    (PauseReason.CORRECTION, 3.0),
    (PauseReason.SITE_VISIT, 1.0),
]
REJECTIONS = (
    "ឯកសារមិនត្រឹមត្រូវតាមលក្ខខណ្ឌ។",
    "ទីតាំងមិនស្របតាមប្លង់។",
    "ព័ត៌មានក្នុងឯកសារមិនត្រូវគ្នា។",
)

_pool = Random("speeds")  # noqa: S311 - invents figures
SPEEDS = tuple(min(SPEED_MAX, _pool.betavariate(SPEED_ALPHA, SPEED_BETA)) for _ in range(POOL))
"""Shares of the legal limit that requests on time take."""
WAITS = tuple(_pool.expovariate(1.0) for _ in range(POOL))
"""Multiples of a mean waiting time."""


@dataclass(frozen=True, slots=True)
class World:
    """What the stories of one province share."""

    code: str
    places: Choice[Place]
    unit: Place
    starts: Starts
    days: Days
    until: int
    rate_id: int
    riel_per_dollar: int
    content_hash: str


class Storyteller:
    """Tells the requests of one batch; the same seed tells the same stories."""

    def __init__(self, world: World, lines: Lines, *, seed: str) -> None:
        self._world = world
        self._lines = lines
        self._random = rng = Random(seed)  # noqa: S311 - invents figures
        self._share = rng.random
        self._crowd = Crowd(lines, rng)
        plain = 1.0 - sum(proportions.FATES.values())
        self._fates = Choice([("", plain), *proportions.FATES.items()])
        self._reasons = Choice([(reason.value, weight) for reason, weight in REASONS])
        self._turns: dict[str, Callable[[Life, int], int | None]] = {
            "paused": self._pause,
            "rejected": self._reject,
            "withdrawn": self._withdraw,
            "forwarded": self._forward,
            "returned": self._return,
        }

    def tell(self, keys: tuple[str, str], number: int, *, of: int) -> None:
        """Invent one request: the first comes in at the beginning, the last at the end.

        `keys` are the idempotency keys of the request and of its payment.
        """
        world, share = self._world, self._share
        received = world.starts.at((number + share()) / of)
        place = world.places.draw(share())
        offer = place.offers.draw(share())
        case = Case(
            id=next(self._lines.ids.request),
            code=code_from_bits(world.code, self._random.getrandbits(CODE_BITS)),
            key=keys[0],
            payment_key=keys[1],
            content_hash=world.content_hash,
            applicant=self._crowd.next(world.days.moments[received]),
            place=place,
            offer=offer,
            fee=offer.fees[int(share() * len(offer.fees))],
            quantity=offer.quantities[int(share() * len(offer.quantities))],
            received=received,
        )
        life = Life(case, self._lines, world.days)
        self._live(life, self._fates.draw(share()))
        if share() < proportions.REPRESENTED_SHARE:
            self._represent(case)
        life.write()

    def _live(self, life: Life, fate: str) -> None:
        case, axis = life.case, life.place.axis
        registered: int | None = case.received
        if fate == "incomplete":
            registered = self._bring_papers(life)
        if registered is None:
            return
        life.register(registered, self._coin(case))
        start = axis.before[registered]
        limit = axis.before[life.due] - start
        exits = self._exits(case.offer, start, limit)
        ready = self._work(life, fate, [start, *exits])
        if ready is not None and self._share() >= proportions.NOT_COLLECTED_SHARE:
            self._step(life.deliver, life, ready + self._after(60 if case.offer.is_quick else 500))

    def _exits(self, offer: Offer, start: int, limit: int) -> list[int]:
        """Choose when each stage is left, in working minutes of the axis."""
        share = self._share
        if share() < proportions.LATE_SHARE:
            whole = int(limit * (LATE_BY + 0.25 * self._wait())) + 5
        elif offer.is_quick:
            whole = min(limit - 1, 12 + int(share() * 45))
        else:
            whole = int(limit * SPEEDS[int(share() * POOL)])
        bend = 0.7 + 0.7 * share()
        return [start + int(whole * passed**bend) for passed in offer.shares]

    def _work(self, life: Life, fate: str, marks: Sequence[int]) -> int | None:
        """Go from stage to stage; return the working minute of readiness, None before it."""
        stages = len(marks) - 1
        turn = self._turns.get(fate)
        turning = int(self._share() * stages) if turn else -1
        shift = 0
        for stage in range(stages):
            if turn and stage == turning:
                extra = turn(life, (marks[stage] + marks[stage + 1]) // 2 + shift)
                if extra is None:
                    return None
                shift += extra
            if not self._step(life.advance, life, marks[stage + 1] + shift):
                return None
        return marks[-1] + shift

    def _step(self, step: Callable[[int], None], life: Life, at: int) -> bool:
        """Take a step at a working minute, unless that has not come yet."""
        minute = self._minute(life, at)
        if minute is None:
            return False
        step(minute)
        return True

    def _minute(self, life: Life, at: int) -> int | None:
        axis = life.place.axis
        if at >= axis.before[self._world.until]:
            return None
        return axis.at[at]

    def _bring_papers(self, life: Life) -> int | None:
        """Come with papers missing; return when the rest was brought."""
        case, axis = life.case, life.place.axis
        life.receive()
        brought = None
        if self._share() >= proportions.NEVER_RESUMED_SHARE:
            at = axis.before[case.received] + 1 + self._after(2 * MINUTES_A_WORKING_DAY)
            brought = self._minute(life, at)
        for document in case.offer.documents:
            self._lines.add("requests_papercheck", case.id, document, _cell(brought is not None))
        return brought

    def _pause(self, life: Life, at: int) -> int | None:
        begin = self._minute(life, at)
        if begin is None:
            return None
        length = 60 + self._after(2 * MINUTES_A_WORKING_DAY)
        is_forgotten = self._share() < proportions.NEVER_RESUMED_SHARE
        end = None if is_forgotten else self._minute(life, at + length)
        reason = self._reasons.draw(self._share())
        life.pause(begin, end, reason=reason)
        if reason == PauseReason.PAPERS_MISSING and life.case.offer.documents:
            paper = life.case.offer.documents[-1]
            self._lines.add("requests_papercheck", life.case.id, paper, _cell(end is not None))
        return None if end is None else length

    def _reject(self, life: Life, at: int) -> int | None:
        minute = self._minute(life, at)
        if minute is not None:
            note = REJECTIONS[int(self._share() * len(REJECTIONS))]
            life.end(minute, State.REJECTED, note=note)
        return None

    def _withdraw(self, life: Life, at: int) -> int | None:
        minute = self._minute(life, at)
        if minute is not None:
            life.end(minute, State.WITHDRAWN, note="")
            if self._share() < proportions.REVERSED_SHARE:
                life.reverse(minute, reason="wrong_request")
        return None

    def _forward(self, life: Life, at: int) -> int | None:
        unit = self._world.unit
        if life.place is unit or life.place.axis is not unit.axis:
            return 0
        return 0 if self._step(lambda minute: life.forward(minute, unit), life, at) else None

    def _return(self, life: Life, at: int) -> int | None:
        if life.stage == 0:
            return 0
        if not self._step(lambda minute: life.advance(minute, is_return=True), life, at):
            return None
        extra = 20 + self._after(MINUTES_A_WORKING_DAY // 2)
        return extra if self._step(life.advance, life, at + extra) else None

    def _represent(self, case: Case) -> None:
        kinds = AuthorityKind.values
        kind = kinds[int(self._share() * len(kinds))]
        self._lines.add(
            "requests_representation",
            *(case.id, self._crowd.seal("អ្នកតំណាង"), kind, NULL, _cell(answer=False)),
        )

    def _coin(self, case: Case) -> Coin:
        share = self._share()
        if share < proportions.DOLLAR_SHARE:
            dollars = -(-case.amount_riel // self._world.riel_per_dollar)
            return Coin("cash", "USD", dollars * CENTS_MAX, self._world.rate_id)
        is_by_phone = share < proportions.DOLLAR_SHARE + proportions.KHQR_SHARE
        return Coin("khqr" if is_by_phone else "cash", "KHR")

    def _after(self, mean: int) -> int:
        return int(self._wait() * mean)

    def _wait(self) -> float:
        return WAITS[int(self._share() * POOL)]


def _cell(answer: bool) -> str:
    return "t" if answer else "f"
