"""The process that writes the history of some provinces; loads Django when it begins."""

import os
from collections.abc import Sequence
from multiprocessing.queues import Queue

import django

from services.demo.plans import Plan, Progress, Share


def work(plan: Plan, shares: Sequence[Share], told: "Queue[Progress]", parent: int) -> None:
    """Write some shares of a plan; end with the process that asked for it."""
    django.setup()
    from services.demo.history import write_history
    from tenants.context import province_by_code

    def tell(requests: int) -> None:
        if os.getppid() != parent:
            raise SystemExit(1)
        told.put(Progress(requests))

    for share in shares:
        province = province_by_code(share.code)
        assert province is not None
        written = write_history(
            province,
            requests=share.requests,
            days=plan.days,
            seed=plan.seed,
            until=plan.until,
            on_batch=tell,
        )
        told.put(Progress(code=share.code, written=written))
