"""A folder of its own for the files of each test."""

import pytest


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Keep files away from other tests."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def files_below(folder):
    """Every file that lies on the disk."""
    return [path for path in folder.rglob("*") if path.is_file()]
