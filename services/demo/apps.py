"""Django configuration of the demo."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Commands that invent staff, history and work; no tables of its own."""

    name = "services.demo"
    label = "demo"
