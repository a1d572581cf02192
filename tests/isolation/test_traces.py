"""Cache keys, files, log lines, sealed values and error reports carry the province."""

import logging

import pytest
import sentry_sdk
import structlog
from cryptography.exceptions import InvalidTag
from django.core.cache import cache
from django.core.exceptions import SuspiciousOperation
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from tenants import sealing
from tests.conftest import entered


def test_a_cached_value_is_nothing_in_another_province(db):
    with entered("01"):
        cache.set("counted", 1)
    with entered("02"):
        assert cache.get("counted") is None
        cache.set("counted", 2)
    with entered("01"):
        assert cache.get("counted") == 1
        assert cache.make_key("counted").startswith("p01:")


def test_a_file_lies_in_the_folder_of_its_province(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with entered("01"):
        name = default_storage.save("letter.txt", ContentFile(b"01"))
        assert default_storage.path(name).startswith(f"{tmp_path}/p01/")
    with entered("02"):
        assert not default_storage.exists(name)
        assert default_storage.path(name).startswith(f"{tmp_path}/p02/")


def test_a_file_name_cannot_climb_into_a_neighbour_s_folder(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with entered("02"):
        default_storage.save("letter.txt", ContentFile(b"02"))
    with entered("01"), pytest.raises(SuspiciousOperation):
        default_storage.open("../p02/letter.txt")


def test_log_lines_name_the_schema_and_cease_to(db, caplog):
    logger = structlog.get_logger("isolation")
    with caplog.at_level(logging.WARNING):
        with entered("01"):
            logger.warning("inside")
        logger.warning("outside")
    inside, outside = (record.msg for record in caplog.records if record.name == "isolation")
    assert inside["schema"] == "p01"
    assert "schema" not in outside


def test_a_value_sealed_in_one_province_opens_in_no_other(db):
    with entered("01"):
        sealed, hashed = sealing.seal("012345678"), sealing.keyed_hash("012345678")
        assert sealing.unseal(sealed) == "012345678"
    with entered("02"):
        with pytest.raises(InvalidTag):
            sealing.unseal(sealed)
        assert sealing.keyed_hash("012345678") != hashed


def test_an_error_report_names_the_province_of_the_host(db, monkeypatch):
    tags = {}
    monkeypatch.setattr(sentry_sdk, "set_tag", tags.__setitem__)
    Client(headers={"host": "battambang.localhost"}).get("/")
    assert tags["province"] == "p02"
