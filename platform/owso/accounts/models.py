"""Accounts and the ministry's grants."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from owso.accounts.permissions import Role


class UserManager(BaseUserManager["User"]):
    """Makes accounts with a hashed password."""

    def create_user(self, username: str, password: str, **names: str) -> "User":
        """Make an account."""
        user = self.model(username=self.model.normalize_username(username), **names)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who signs in. The same name in two schemas is two accounts."""

    class Sex(models.TextChoices):
        """As the ministry's staff reports count."""

        FEMALE = "f", _("Female")
        MALE = "m", _("Male")

    username = models.CharField(_("user name"), max_length=60, unique=True)
    full_name_km = models.CharField(_("name"), max_length=120)
    full_name_en = models.CharField(_("name"), max_length=120, blank=True)
    sex = models.CharField(max_length=1, choices=Sex, blank=True)
    language = models.CharField(max_length=2, default="km")
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Somebody else chose the password, and so knows it.",
    )

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name_km"]

    def __str__(self) -> str:
        return self.username


class MinistryGrant(models.Model):
    """A role at the ministry; only rows in `public` mean anything."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="ministry_grants")
    role = models.CharField(max_length=30, choices=Role)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="one_grant_a_role"),
            models.CheckConstraint(
                condition=models.Q(role__in=[Role.MINISTRY_VIEWER, Role.MINISTRY_ADMIN]),
                name="ministry_role",
            ),
        ]

    def __str__(self) -> str:
        return self.role


class OpenSession(models.Model):
    """A session of a person: since when, from where and how; it goes when the session goes."""

    class How(models.TextChoices):
        """By what the person came in."""

        FULL = "full", _("Password")
        PIN = "pin", _("PIN")

    session = models.OneToOneField(
        Session, on_delete=models.CASCADE, primary_key=True, related_name="open_session"
    )
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="open_sessions")
    how = models.CharField(max_length=4, choices=How)
    address = models.CharField(max_length=45, blank=True)
    started_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(how__in=["full", "pin"]), name="session_how_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.how}"
