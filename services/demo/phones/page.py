"""The page of the stand-in: one column of messages for each phone, and a line to write back."""

from html import escape
from itertools import groupby
from operator import attrgetter

from owso.formats import local_datetime
from services.demo.phones.book import Arrived, Book

_STYLE = """
body { font: 17px/1.7 "Khmer OS", "Noto Sans Khmer", system-ui, sans-serif; margin: 0;
  background: #e7ebf1; color: #0b0c0c }
h1 { font-size: 24px; margin: 0; padding: 16px 24px; background: #1f3f77; color: #fff }
main { display: flex; flex-wrap: wrap; gap: 24px; padding: 24px; align-items: flex-start }
section { width: 320px; background: #fff; border-radius: 24px; padding: 16px }
h2 { font-size: 18px; margin: 0 0 8px }
p { margin: 0 0 8px; padding: 8px 12px; border-radius: 12px; background: #eef2f8;
  white-space: pre-line; overflow-wrap: anywhere }
small { display: block; color: #505a5f }
form { display: flex; gap: 8px; margin: 0 0 8px }
input { flex: 1; min-width: 0; font: inherit; padding: 4px 8px }
button { font: inherit; padding: 4px 12px }
"""


def page_of(book: Book, *, start: str = "") -> str:
    """Write the page; `start` is the token of a link that opened the bot."""
    with book.lock:
        arrived = sorted(book.arrived, key=attrgetter("address", "at"))
    phones = [
        _phone(address, list(messages))
        for address, messages in groupby(arrived, key=attrgetter("address"))
    ]
    opening = _opening(start) if start else ""
    empty = (
        "" if phones or start else "<section><h2>No phone has received anything yet</h2></section>"
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Phones</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><h1>What the phones received</h1>"
        f"<main>{opening}{''.join(phones)}{empty}</main></body></html>"
    )


def _opening(start: str) -> str:
    return (
        "<section><h2>Telegram</h2><p>This link opens the bot.</p>"
        f"{_form('telegram', '', f'/start {start}', 'Start', hidden=True)}</section>"
    )


def _phone(address: str, messages: list[Arrived]) -> str:
    newest = messages[-1]
    channel = "telegram" if newest.provider == "telegram" else "sms"
    lines = "".join(map(_message, messages))
    back = "" if newest.provider == "push" else _form(channel, address, "", "Send")
    return f"<section><h2>{escape(address)}</h2>{lines}{back}</section>"


def _message(message: Arrived) -> str:
    text, at = escape(message.text), local_datetime(message.at, "", "en")
    button = _form("button", "", message.stop, "Stop", hidden=True) if message.stop else ""
    return f"<p>{text}<small>{escape(message.provider)} · {at}</small></p>{button}"


def _form(channel: str, who: str, text: str, label: str, *, hidden: bool = False) -> str:
    kind = "hidden" if hidden else "text"
    return (
        '<form action="/say" method="post">'
        f'<input type="hidden" name="channel" value="{channel}">'
        f'<input type="hidden" name="who" value="{escape(who)}">'
        f'<input type="{kind}" name="text" value="{escape(text)}" aria-label="Text">'
        f"<button>{label}</button></form>"
    )
