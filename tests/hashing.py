"""Pass words of tests are hashed as those of an installation, at a hundredth of the cost."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickHasher(Argon2PasswordHasher):
    """Argon2 that is no hindrance to anybody: an installation's takes a tenth of a second each."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
