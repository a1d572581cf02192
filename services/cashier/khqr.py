"""KHQR: the text of a merchant-presented code, as EMVCo and the National Bank write it.

A code is a row of fields: two digits of tag, two of length, the value. Riel are whole numbers.
Tag 29 holds the account of a person or office, tag 30 that of a merchant with a number.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from crc import Calculator, Crc16

from services.cashier.models import Currency

NAME_LENGTH, CITY_LENGTH, BILL_LENGTH = 25, 15, 25
DYNAMIC = "12"
GOVERNMENT = "9399"
COUNTRY = "KH"
_CURRENCIES = {Currency.KHR: "116", Currency.USD: "840"}
_CRC = Calculator(Crc16.IBM_3740.value)
_CRC_TAG = "6304"
_MILLISECONDS = 1000
CENTS = 100


@dataclass(frozen=True, slots=True)
class Merchant:
    """Who is paid: an account at a bank, with the name and town that the payer's phone shows."""

    account: str
    name: str
    city: str
    merchant_id: str = ""
    bank: str = ""


def payload(
    merchant: Merchant,
    *,
    amount: int,
    currency: str = Currency.KHR,
    bill_number: str,
    created_at: datetime,
    expires_at: datetime,
) -> str:
    """Return the text of a code for one payment; `amount` in whole riel, or in US cents."""
    account_tag = "30" if merchant.merchant_id else "29"
    fields = (
        ("00", "01"),
        ("01", DYNAMIC),
        (account_tag, _account(merchant)),
        ("52", GOVERNMENT),
        ("53", _CURRENCIES[Currency(currency)]),
        ("54", _amount(amount, currency)),
        ("58", COUNTRY),
        ("59", merchant.name[:NAME_LENGTH]),
        ("60", merchant.city[:CITY_LENGTH]),
        ("62", _field("01", bill_number[:BILL_LENGTH])),
        ("99", _field("00", _stamp(created_at)) + _field("01", _stamp(expires_at))),
    )
    text = "".join(_field(tag, value) for tag, value in fields) + _CRC_TAG
    return f"{text}{checksum(text)}"


def md5_of(text: str) -> str:
    """Return the digest by which a bank finds the payment of a code."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def checksum(text: str) -> str:
    """Return the four characters that close a code."""
    return f"{_CRC.checksum(text.encode()):04X}"


def _account(merchant: Merchant) -> str:
    parts = [("00", merchant.account)]
    if merchant.merchant_id:
        parts.append(("01", merchant.merchant_id))
    if merchant.bank:
        parts.append(("02", merchant.bank))
    return "".join(_field(tag, value) for tag, value in parts)


def _amount(amount: int, currency: str) -> str:
    if currency == Currency.KHR:
        return str(amount)
    return f"{amount // CENTS}.{amount % CENTS:02}"


def _stamp(moment: datetime) -> str:
    return str(int(moment.timestamp() * _MILLISECONDS))


def _field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02}{value}"
