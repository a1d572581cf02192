"""The self-check's own application shows what the standard says, and no code twice."""

import base64

from deploy.selfcheck import second_step

SECRET = base64.b32encode(b"12345678901234567890").decode()


def test_the_codes_are_those_of_the_standard():
    # RFC 6238, appendix B, the last six digits for SHA-1.
    known = {59: "287082", 1_111_111_109: "081804", 2_000_000_000: "279037"}
    for seconds, code in known.items():
        assert second_step.code_at(SECRET, seconds // second_step.PERIOD_SECONDS) == code


def test_an_account_shows_another_code_each_time():
    first, second = (second_step.next_code(SECRET, "somewhere", "viewer") for _ in range(2))
    assert first != second
    assert second_step.next_code(SECRET, "elsewhere", "viewer") in {first, second}
