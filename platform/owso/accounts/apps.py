"""The application of the accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, roles and the permission table."""

    name = "owso.accounts"
    default_auto_field = "django.db.models.BigAutoField"
