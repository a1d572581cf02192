"""How gunicorn serves the pages: threads in two processes, the application loaded once."""

import gc
import os
from pathlib import Path
from typing import Any

worker_class = "gthread"
workers = int(os.environ.get("WEB_PROCESSES", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
# The code is loaded before the fork and its memory shared; no connection may be open then.
preload_app = True
# A slow line keeps its connection between page and style sheet; it costs no thread meanwhile.
keepalive = 30
timeout = 30
graceful_timeout = 10
backlog = 512
# The heartbeat file must not lie on a disk that can stall.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 (gunicorn's own)
# Its control socket would lie in the home folder, where a second checkout finds it taken.
control_socket_disable = True
accesslog = None
errorlog = "-"
loglevel = "info"
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")


def post_fork(server: Any, worker: Any) -> None:
    """Collect less often: a page leaves few cycles, and a small young generation finds none."""
    gc.set_threshold(20_000, 20, 20)


def pre_fork(server: Any, worker: Any) -> None:
    """Close what loading the application may have opened: a fork must not share a connection.

    What is loaded by now lives to the end: the collector need not look at it again and again,
    and as it does not, its memory stays shared between the processes.
    """
    gc.collect()
    gc.freeze()
    from django.db import connections
    from django.db.backends.postgresql.base import DatabaseWrapper

    for connection in connections.all(initialized_only=True):
        connection.close()
        if isinstance(connection, DatabaseWrapper):
            connection.close_pool()
