"""The product's settings with one more public page: the bare view that is the floor."""

from owso.settings import *  # noqa: F403  # the same settings, nothing else
from owso.settings import MINISTRY_PATHS

PUBLIC_SCHEMA_URLCONF = "tests.benchmarks.urls"
__all__ = ["MINISTRY_PATHS", "PUBLIC_SCHEMA_URLCONF"]
