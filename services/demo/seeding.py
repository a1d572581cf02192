"""Fills a whole installation with staff and history, two provinces at a time."""

import multiprocessing
import os
import queue
from collections.abc import Iterator, Sequence

from django.db import connection

from services.demo import proportions, staff
from services.demo.plans import Plan, Progress, Share
from services.demo.worker import work
from tenants.context import each_province
from tenants.models import Province

PROCESSES = 2
PATIENCE_SECONDS = 1.0


class SeedingError(RuntimeError):
    """A process that wrote history has failed; what it had committed stays, and is not repeated."""


def staff_everything() -> int:
    """Make the demo accounts of the ministry and of every province; return how many there are."""
    password = staff.demo_password()
    count = staff.staff_ministry(password)
    return count + sum(staff.staff_province(password) for _province in each_province())


def shares_of(plan: Plan, provinces: Sequence[Province]) -> list[Share]:
    """Divide a plan among the provinces by their inhabitants, to the request."""
    weights = {
        province.code: proportions.PROVINCE_WEIGHTS.get(
            province.code, proportions.OTHER_PROVINCE_WEIGHT
        )
        for province in provinces
    }
    whole, shares, given, passed = sum(weights.values()), [], 0, 0
    for code, weight in sorted(weights.items()):
        passed += weight
        upto = plan.requests * passed // whole
        shares.append(Share(code, upto - given))
        given = upto
    return shares


def write_everywhere(
    plan: Plan, shares: Sequence[Share], *, processes: int = PROCESSES
) -> Iterator[Progress]:
    """Write every share, in several processes, and tell what is done as it happens.

    Raises SeedingError when a process fails.
    """
    connection.close()
    context = multiprocessing.get_context("spawn")
    told: multiprocessing.Queue[Progress] = context.Queue()
    workers = [
        context.Process(target=work, args=(plan, part, told, os.getpid()), daemon=True)
        for part in _parts(shares, processes)
    ]
    for worker in workers:
        worker.start()
    try:
        left = len(shares)
        while left:
            progress = _next(told, workers)
            left -= progress.written is not None
            yield progress
    finally:
        for worker in workers:
            worker.terminate()
            worker.join()


def _next(
    told: "multiprocessing.Queue[Progress]", workers: Sequence[multiprocessing.process.BaseProcess]
) -> Progress:
    while True:
        have_failed = any(worker.exitcode for worker in workers)
        try:
            return told.get(timeout=PATIENCE_SECONDS)
        except queue.Empty:
            if have_failed:
                raise SeedingError("Writing history has failed; see the message above.") from None


def _parts(shares: Sequence[Share], processes: int) -> list[list[Share]]:
    """Divide the shares so that all processes have about the same to do, the largest first."""
    parts: list[list[Share]] = [[] for _ in range(processes)]
    sums = [0] * processes
    for share in sorted(shares, key=lambda each: -each.requests):
        least = sums.index(min(sums))
        parts[least].append(share)
        sums[least] += share.requests
    return parts
