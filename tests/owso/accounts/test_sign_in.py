import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

from owso.accounts.factors import recovery_codes, use_code
from owso.accounts.models import OpenSession, User
from owso.accounts.permissions import Role
from owso.audit.models import AuditEntry
from tests.owso.accounts.conftest import SECOND_STEP, SIGN_IN
from tests.second_steps import code_of
from tests.services.web.conftest import text_of


def test_a_password_alone_opens_the_desk_of_a_role_without_money(member):
    officer = member(Role.INFORMATION_OFFICER)
    assert officer.password(next="/queue")["Location"] == "/queue"
    assert officer.browser.get("/queue").status_code == 200
    entry = AuditEntry.objects.get(verb="sign_in")
    assert (entry.actor_id, entry.changes) == (officer.user.pk, {"how": "full", "step": "none"})


def test_the_next_page_is_never_one_of_another_host(member):
    officer = member(Role.INFORMATION_OFFICER)
    assert officer.password(next="https://elsewhere.example/")["Location"] == "/"


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "do not fit together"), ("km", "មិនត្រូវគ្នា")],
)
def test_a_wrong_password_and_an_unknown_name_are_answered_alike(member, language, words):
    officer = member(Role.INFORMATION_OFFICER, language=language)
    wrong = officer.password("wrong horse battery")
    assert wrong.status_code == 422
    assert words in text_of(wrong)
    unknown = officer.browser.post(SIGN_IN, {"username": "nobody", "password": "x" * 14})
    assert unknown.status_code == 422
    assert words in text_of(unknown)
    failed = AuditEntry.objects.get(verb="sign_in_failed")
    assert (failed.actor_id, failed.object_id) == (None, str(officer.user.pk))


def test_somebody_who_left_does_not_come_in(member):
    assert member(Role.INFORMATION_OFFICER, is_active=False).password().status_code == 422


def test_the_password_alone_opens_nothing_where_there_is_a_second_step(member):
    cashier = member(Role.CASHIER, second_step=True)
    assert cashier.password(next="/queue")["Location"] == SECOND_STEP
    assert cashier.browser.get("/queue").status_code == 302
    assert cashier.browser.get("/account/security/").status_code == 302
    assert not OpenSession.objects.exists()
    assert cashier.code()["Location"] == "/queue"
    assert cashier.browser.get("/queue").status_code == 200
    assert AuditEntry.objects.get(verb="sign_in").changes == {"how": "full", "step": "totp"}


def test_the_code_of_a_moment_ago_is_still_taken_and_an_old_one_is_not(member):
    cashier = member(Role.CASHIER, second_step=True)
    cashier.password()
    assert cashier.code(later=-3).status_code == 422
    assert cashier.code(later=-1).status_code == 302


def test_a_code_counts_once(member):
    cashier = member(Role.CASHIER, second_step=True)
    code = code_of(cashier.secret)
    for _ in range(2):
        cashier.password()
        again = cashier.code(code)
    assert again.status_code == 422
    assert "used already" in text_of(again)
    assert cashier.code(later=1).status_code == 302


def test_a_code_may_be_typed_with_khmer_digits_and_spaces(member):
    cashier = member(Role.CASHIER, second_step=True)
    cashier.password()
    code = code_of(cashier.secret).translate(str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩"))
    assert cashier.code(f"{code[:3]} {code[3:]}").status_code == 302


def test_a_recovery_code_stands_in_once(member):
    cashier = member(Role.CASHIER, second_step=True)
    RecoveryCodes.activate(cashier.user)
    code = recovery_codes(cashier.user)[0]
    cashier.password()
    assert cashier.code(f"{code[:4]} {code[4:]}")["Location"] == "/"
    assert code not in recovery_codes(cashier.user)
    assert use_code(cashier.user, code) == ""
    cashier.password()
    assert cashier.code(code).status_code == 422


def test_the_second_step_waits_for_ten_minutes_only(member, monkeypatch):
    cashier = member(Role.CASHIER, second_step=True)
    cashier.password()
    session = cashier.browser.client.session
    session["account_pending"] = {**session["account_pending"], "at": 0}
    session.save()
    assert cashier.browser.get(SECOND_STEP)["Location"] == SIGN_IN
    assert cashier.code()["Location"] == SIGN_IN


def test_a_person_is_shut_out_after_ten_wrong_passwords_and_told_for_how_long(member):
    officer = member(Role.INFORMATION_OFFICER)
    for _ in range(10):
        assert officer.password("wrong horse battery").status_code == 422
    shut = officer.password()
    assert shut.status_code == 429
    assert "Wait 10 minutes" in text_of(shut)
    colleague = member(Role.INFORMATION_OFFICER)
    assert colleague.password().status_code == 302


def test_right_passwords_are_never_counted_against_anybody(member):
    officer = member(Role.INFORMATION_OFFICER)
    for _ in range(12):
        assert officer.password().status_code == 302


def test_an_account_is_shut_wherever_the_guesses_come_from(member):
    officer = member(Role.INFORMATION_OFFICER)
    name = officer.user.username
    for place in range(50):
        given = {"username": name, "password": "wrong horse battery"}
        officer.browser.client.post(SIGN_IN, given, REMOTE_ADDR=f"198.51.100.{place}")
    shut = officer.password()
    assert shut.status_code == 429
    assert "minutes, then try again" in text_of(shut)


def test_one_address_cannot_try_a_hundred_names(member):
    officer = member(Role.INFORMATION_OFFICER)
    for number in range(100):
        officer.browser.post(SIGN_IN, {"username": f"nobody{number}", "password": "x" * 14})
    assert officer.password().status_code == 429


def test_codes_are_not_guessed(member):
    cashier = member(Role.CASHIER, second_step=True)
    cashier.password()
    for _ in range(10):
        assert cashier.code("000000").status_code == 422
    shut = cashier.code()
    assert shut.status_code == 429
    assert "Wait 10 minutes" in text_of(shut)


def test_signing_in_leaves_nothing_of_the_person_before(member):
    first, second = member(Role.INFORMATION_OFFICER), member(Role.INFORMATION_OFFICER)
    second.browser = first.browser
    first.password()
    session = first.browser.client.session
    session["flash"] = "something of the first"
    session.save()
    second.password()
    assert "flash" not in first.browser.client.session
    assert list(OpenSession.objects.values_list("user", flat=True)) == [second.user.pk]


def test_signing_out_is_recorded_and_ends_the_session(member):
    officer = member(Role.INFORMATION_OFFICER)
    officer.password()
    left = officer.browser.post("/account/sign-out/")
    assert left["Clear-Site-Data"] == '"cache"'
    assert officer.browser.get("/queue").status_code == 302
    assert AuditEntry.objects.filter(verb="sign_out", actor_id=officer.user.pk).exists()
    assert not OpenSession.objects.exists()


def test_no_office_page_is_kept_by_the_browser(member):
    officer = member(Role.INFORMATION_OFFICER)
    officer.password()
    for path in ("/", "/queue", "/account/security/", "/account/password/"):
        assert "no-store" in officer.browser.get(path)["Cache-Control"], path


def test_the_same_name_in_two_provinces_is_two_accounts(member, neighbour):
    officer = member(Role.INFORMATION_OFFICER)
    officer.browser.client.defaults["SERVER_NAME"] = "battambang.localhost"
    assert officer.password().status_code == 422
    assert User.objects.filter(username=officer.user.username).exists()
