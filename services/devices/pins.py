"""Which six digits make a PIN: not those that a colleague would try first."""

from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from owso.accounts.factors import digits_of
from owso.errors import Invalid

LENGTH = 6
_COMMON = frozenset(
    {"123123", "112233", "121212", "131313", "159753", "147258", "258369", "102030", "123321"}
    | {"696969", "112211", "010203", "142536", "789456", "456123", "159357", "147852", "111222"}
)


def read_pin(typed: str) -> str:
    """Return the six digits that were typed; raise Invalid when they are no PIN or an easy one."""
    pin = digits_of(typed)
    if len(pin) != LENGTH or not (pin.isascii() and pin.isdigit()):
        raise _refused("pin_form", _("A PIN has six digits."))
    if is_easy(pin):
        text = _("This PIN is easy to guess. Choose digits without a pattern.")
        raise _refused("pin_easy", text)
    return pin


def is_easy(pin: str) -> bool:
    """Tell whether digits repeat, count up or down, mirror, form a year or are widely used."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    is_run = len(steps) == 1
    is_repeated = pin in {pin[:2] * 3, pin[:3] * 2}
    is_mirrored = pin == pin[::-1]
    is_year = pin[:4].startswith(("19", "20")) and pin[4:] in {pin[:2], pin[2:4]}
    return is_run or is_repeated or is_mirrored or is_year or len(set(pin)) < 3 or pin in _COMMON


def _refused(code: str, text: object) -> Invalid:
    return Invalid(code, str(text), fields={"pin": str(text)})
