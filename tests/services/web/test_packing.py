"""Office pages go packed over the line to browsers that take it, and are never kept wrongly."""

import brotli
import pytest

from owso.accounts.permissions import Role
from services.web.templatetags.kept import forget_kept
from tests.factories import RequestFactory, staff
from tests.services.web.conftest import text_of


@pytest.fixture
def desk(sign_in):
    return sign_in(staff(Role.CHIEF))


def test_a_browser_that_takes_brotli_gets_the_same_page_in_a_fraction(desk):
    RequestFactory()
    whole = desk.get("/queue?tab=office")
    packed = desk.get("/queue?tab=office", **{"Accept-Encoding": "gzip, br"})
    assert packed["Content-Encoding"] == "br"
    assert "Accept-Encoding" in packed["Vary"]
    assert int(packed["Content-Length"]) == len(packed.content) < len(whole.content) / 3
    unpacked = brotli.decompress(packed.content).decode()
    assert (
        unpacked.split("<main")[1].split("csrf")[0]
        == text_of(whole).split("<main")[1].split("csrf")[0]
    )


@pytest.mark.parametrize("accepted", ["", "gzip", "br;q=0", "brave"])
def test_others_get_it_as_it_is(desk, accepted):
    answer = desk.get("/queue", **{"Accept-Encoding": accepted})
    assert "Content-Encoding" not in answer
    assert "</html>" in text_of(answer)


def test_the_kept_navigation_is_each_readers_own(sign_in):
    forget_kept()
    chief, cashier = sign_in(staff(Role.CHIEF)), sign_in(staff(Role.CASHIER))
    assert "/morning" in text_of(chief.get("/queue"))
    assert "/morning" not in text_of(cashier.get("/queue"))
    assert "/morning" in text_of(chief.get("/queue"))


def test_the_kept_navigation_says_where_one_is_and_what_was_looked_for(desk):
    for _ in range(2):
        assert 'href="/queue" accesskey="q" aria-current="page"' in text_of(desk.get("/queue"))
        assert 'href="/" aria-current="page"' in text_of(desk.get("/"))
        assert 'value="សុខ"' in text_of(desk.get("/find?q=សុខ"))


def test_the_filters_keep_what_was_chosen_and_nothing_of_others(desk):
    request = RequestFactory()
    chosen = f'<option value="{request.service_id}" selected>'
    assert chosen in text_of(desk.get(f"/queue?service={request.service_id}"))
    assert " selected" not in text_of(desk.get("/queue"))
    assert "&lt;b&gt;" in text_of(desk.get("/queue?text=<b>"))
