"""Catalogues: compiled so that gettext reads them, checked so that no text is left in English."""

import gettext

import pytest

from owso.message_check import check_catalogues, texts
from owso.messages import CatalogueError, compile_catalogues, read_catalogue

PO = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

#: services/web/views.py:1
msgid "Request %(code)s\\n"
"received"
msgstr "បានទទួល %(code)s"

msgctxt "stage"
msgid "Check"
msgstr "ពិនិត្យ"

msgid "%(n)d day"
msgid_plural "%(n)d days"
msgstr[0] "%(n)d ថ្ងៃ"

#, fuzzy
msgid "Fee"
msgstr "ថ្លៃ"
"""


@pytest.fixture
def catalogue(tmp_path):
    """Writes the catalogue of the services and returns its path."""
    folder = tmp_path / "services/locale/km/LC_MESSAGES"
    folder.mkdir(parents=True)

    def write(text):
        (folder / "django.po").write_text(text, encoding="utf-8")
        return folder / "django.po"

    return write


@pytest.fixture
def source(tmp_path):
    """Writes a source file and returns the checkout."""

    def write(name, text):
        path = tmp_path / "services" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return tmp_path

    return write


def test_gettext_reads_what_was_compiled(catalogue, tmp_path):
    path = catalogue(PO)
    assert compile_catalogues(tmp_path) == 1
    with path.with_suffix(".mo").open("rb") as file:
        read = gettext.GNUTranslations(file)
    assert read.gettext("Request %(code)s\nreceived") == "បានទទួល %(code)s"
    assert read.pgettext("stage", "Check") == "ពិនិត្យ"
    assert read.gettext("Check") == "Check"
    assert read.ngettext("%(n)d day", "%(n)d days", 7) == "%(n)d ថ្ងៃ"


def test_a_fuzzy_translation_is_not_shown(catalogue, tmp_path):
    path = catalogue(PO)
    compile_catalogues(tmp_path)
    assert "ថ្លៃ".encode() not in path.with_suffix(".mo").read_bytes()


def test_an_unchanged_catalogue_is_not_written_again(catalogue, tmp_path):
    catalogue(PO)
    compile_catalogues(tmp_path)
    assert compile_catalogues(tmp_path) == 0


def test_an_unreadable_line_is_told_with_its_place(catalogue):
    path = catalogue('msgid "Fee"\nmsgstr ថ្លៃ\n')
    with pytest.raises(CatalogueError, match="line 2"):
        read_catalogue(path)


def test_texts_are_found_in_code_under_every_name(source):
    checkout = source(
        "views.py",
        "from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext as p\n"
        "a = _('One ' 'sentence')\nb = gettext_lazy('Lazy')\n"
        "c = ngettext('%(n)d day', '%(n)d days', 2)\n"
        "d = p('stage', 'Check')\ne = print('Not this')\n",
    )
    found = {(text.context, text.msgid) for text in texts(checkout)}
    assert found == {
        (None, "One sentence"),
        (None, "Lazy"),
        (None, "%(n)d day"),
        ("stage", "Check"),
    }


def test_texts_are_found_in_templates(source):
    checkout = source(
        "templates/page.html",
        '{% load i18n %}<h1 title="{% translate "Title" %}">{{ _("Filter") }}</h1>\n'
        "{% blocktranslate count n=days trimmed %}\n  {{ n }} day\n"
        "{% plural %}{{ n }} days{% endblocktranslate %} <p>gettext('no')</p>",
    )
    found = {text.msgid: text.place for text in texts(checkout)}
    assert set(found) == {"Title", "Filter", "%(n)s day"}
    assert found["Title"] == "services/templates/page.html:1"


def test_complete_catalogues_give_no_problem(catalogue, source):
    catalogue('msgid "Fee"\nmsgstr "ថ្លៃ"\n')
    checkout = source("a.py", "from django.utils.translation import gettext as _\n_('Fee')\n")
    assert check_catalogues(checkout) == []


@pytest.mark.parametrize(
    ("po", "problem"),
    [
        ("", "services/a.py:2: no catalogue has 'Fee'"),
        ('msgid "Fee"\nmsgstr ""\n', "empty: 'Fee'"),
        ('#, fuzzy\nmsgid "Fee"\nmsgstr "ថ្លៃ"\n', "fuzzy: 'Fee'"),
        ('msgid "Fee"\nmsgstr "%(x)s"\n', "placeholders that the English lacks"),
        (
            'msgid "Fee"\nmsgstr "ថ្លៃ"\n\nmsgid "Old"\nmsgstr "ចាស់"\n',
            "nothing uses the message 'Old'",
        ),
        (
            'msgid "Fee"\nmsgstr "ថ្លៃ"\n\nmsgid "%(n)s left"\nmsgstr "នៅសល់"\n',
            "placeholders of the English are missing",
        ),
    ],
)
def test_each_fault_of_a_catalogue_is_told(catalogue, source, po, problem):
    catalogue(po)
    checkout = source("a.py", "from django.utils.translation import gettext as _\n_('Fee')\n")
    assert any(problem in told for told in check_catalogues(checkout))
