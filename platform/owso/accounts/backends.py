"""Who signs in and who a session belongs to."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from owso.accounts import persons
from owso.accounts.models import User


class AccountBackend(ModelBackend):
    """Django's own, but that the person of a session is read together with it."""

    def get_user(self, user_id: Any) -> User | None:
        """Return the account of a session while it is active."""
        user = persons.take(int(user_id)) or User.objects.filter(pk=user_id).first()
        return user if self.user_can_authenticate(user) else None
