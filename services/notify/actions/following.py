"""Asking to follow a request by SMS or e-mail: the person confirms before anything is told."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from owso.audit.actions import record
from owso.errors import Conflict, NotFound
from services.notify.actions.writing import (
    CITIZEN,
    CODE_LIVES,
    LINK_LIVES,
    address_hash,
    confirmation_message,
    last_event_id,
    locked_request,
    new_following,
)
from services.notify.channels import providers_of
from services.notify.kinds import Channel, FollowingState, MessageKind, Origin
from services.notify.models import Following, Message, Refusal
from services.notify.texts import confirmation, confirmation_mail
from services.notify.tokens import EMAIL, new_token
from services.requests.models import ServiceRequest
from services.requests.states import CLOSED
from services.requests.texts import Fields, clean_phone
from tenants import clock, sealing
from tenants.context import current_province

CODES_A_DAY = 3
"""Confirmations to one address in a day, over all requests of the province."""
MOST_FOLLOWERS = 10
DAY = timedelta(days=1)
HOME = "+855"
MOST_EMAIL = 254


def ask_by_sms(
    tracking_code: str, phone: str, *, language: str, now: datetime | None = None
) -> Following:
    """Send six digits to a Cambodian phone; who has them confirms the following with them.

    Raises NotFound, Invalid, or Conflict when the request has ended or has too many followers. A
    number that wants no messages gets none, and whoever asked is not told so.
    """
    number = _home_number(phone)
    moment = now or clock.now()
    digits = f"{secrets.randbelow(1_000_000):06}"
    with transaction.atomic():
        request = open_request(tracking_code, Channel.SMS)
        following = _asked(request, Channel.SMS, number, language=language, now=moment)
        following.code_hash = digits_hash(following.pk, digits)
        following.code_tries, following.code_until = 0, moment + CODE_LIVES
        following.save()
        wording = confirmation(tracking_code, digits, language=language)
        if not _wants_none(following):
            confirmation_message(following, wording, now=moment, lives=CODE_LIVES).save()
        record("ask_to_follow", following, by=CITIZEN, channel=str(Channel.SMS))
    return following


def ask_by_email(
    tracking_code: str, address: str, *, language: str, now: datetime | None = None
) -> Following:
    """Send a link to an e-mail address; who opens it there confirms the following.

    Raises NotFound, Invalid or Conflict as `ask_by_sms` does.
    """
    mailbox = _mailbox(address)
    moment = now or clock.now()
    with transaction.atomic():
        request = open_request(tracking_code, Channel.EMAIL)
        following = _asked(request, Channel.EMAIL, mailbox, language=language, now=moment)
        token = new_token(
            EMAIL,
            current_province().code,
            following.pk.to_bytes(8, "big"),
            expires_at=moment + LINK_LIVES,
        )
        link = f"{settings.PUBLIC_URL}/f/e/{token}"
        wording = confirmation_mail(tracking_code, link, language=language)
        if not _wants_none(following):
            confirmation_message(following, wording, now=moment, lives=LINK_LIVES).save()
        record("ask_to_follow", following, by=CITIZEN, channel=str(Channel.EMAIL))
    return following


def open_request(tracking_code: str, channel: Channel) -> ServiceRequest:
    """Lock a request that can still be followed on a channel; raise NotFound or Conflict."""
    if not providers_of(channel):
        raise Conflict(
            "channel_closed", _("This way is not offered at the moment. Choose another one.")
        )
    request = locked_request(tracking_code)
    if request is None:
        raise NotFound
    if request.state in CLOSED:
        raise Conflict(
            "request_finished", _("This request is finished. There is nothing more to tell.")
        )
    followers = Following.objects.filter(request=request).exclude(state=FollowingState.ENDED)
    if followers.filter(origin=Origin.PAGE).count() >= MOST_FOLLOWERS:
        raise Conflict(
            "too_many_followers",
            _("So many phones follow this request already that no more can be added."),
        )
    return request


def digits_hash(following_id: int, digits: str) -> bytes:
    """Return the keyed hash of the digits of one following."""
    return sealing.keyed_hash(f"digits:{following_id}:{digits}")


def _asked(
    request: ServiceRequest, channel: Channel, address: str, *, language: str, now: datetime
) -> Following:
    """Give the pending or active following of an address, a new one if there is none."""
    digest = address_hash(channel, address)
    _refuse_too_often(channel, digest, now)
    known = Following.objects.filter(request=request, channel=channel, address_hash=digest).first()
    if known is None:
        known = new_following(
            request.pk, channel, address, language=language, now=now, confirmed=False
        )
    elif known.state == FollowingState.PENDING:
        known.after_event_id = last_event_id(request.pk)
    known.language = language
    known.save()
    return known


def _refuse_too_often(channel: Channel, digest: bytes, now: datetime) -> None:
    sent = Message.objects.filter(
        kind=MessageKind.CONFIRM,
        channel=channel,
        following__address_hash=digest,
        created_at__gt=now - DAY,
    )
    if sent.count() >= CODES_A_DAY:
        raise Conflict(
            "asked_too_often",
            _("This address has been asked often enough for today. Please try again tomorrow."),
        )


def _wants_none(following: Following) -> bool:
    refusals = Refusal.objects.filter(
        channel=following.channel, address_hash=following.address_hash
    )
    return refusals.exists()


def _home_number(phone: str) -> str:
    fields = Fields()
    number = clean_phone(phone, field="phone", fields=fields)
    if not fields.wrong and not number.startswith(HOME):
        fields.take("phone", _("Enter a Cambodian phone number such as 012 345 678."))
    fields.refuse()
    return number


def _mailbox(address: str) -> str:
    mailbox, fields = address.strip(), Fields()
    try:
        validate_email(mailbox[: MOST_EMAIL + 1])
    except ValidationError:
        fields.take("email", _("Enter an e-mail address such as name@example.com."))
    if len(mailbox) > MOST_EMAIL:
        fields.take("email", _("Enter an e-mail address such as name@example.com."))
    fields.refuse()
    return mailbox
