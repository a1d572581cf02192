"""Django's command line, with the owner's rights for the commands that change schemas."""

import os
import sys
from pathlib import Path

OWNER_COMMANDS = {
    "makemigrations",
    "migrate",
    "migrate_schemas",
    "provision_all",
    "add_province",
    "load_catalogue",
    "load_calendars",
    "load_retention",
    "sqlmigrate",
    "showmigrations",
}


def main() -> None:
    """Run a management command."""
    root = Path(__file__).resolve().parent
    sys.path[:0] = [str(root / "platform"), str(root)]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "owso.settings")
    if len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        os.environ["OWSO_OWNER"] = "1"
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
