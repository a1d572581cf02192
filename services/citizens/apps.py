"""Django's entry for the citizens' views."""

from django.apps import AppConfig


class CitizensConfig(AppConfig):
    """Has views and a function in each province's schema, and no tables."""

    name = "services.citizens"
    label = "citizens"
