"""Who follows a request, the messages on their way, the numbers that want none."""

import uuid

from django.db import models
from django.db.models import F, Q

from services.notify.kinds import (
    Channel,
    EndReason,
    FollowingState,
    MessageKind,
    MessageState,
    Origin,
)
from services.requests.models import RequestEvent, ServiceRequest

ON_THE_WAY = (MessageState.WAITING, MessageState.SENDING)


class Following(models.Model):
    """One person told about one request on one address; the address is sealed.

    Only events after `after_event_id` are told. The address goes when the following ends.
    `code_hash`, `code_tries` and `code_until` belong to the six digits that confirm a number.
    """

    request = models.ForeignKey(
        ServiceRequest, models.CASCADE, related_name="followings", db_index=False
    )
    channel = models.CharField(max_length=10, choices=Channel.choices)
    origin = models.CharField(max_length=10, choices=Origin.choices)
    language = models.CharField(max_length=2, default="km")
    state = models.CharField(max_length=10, choices=FollowingState.choices)
    address_sealed = models.BinaryField(null=True)
    address_hash = models.BinaryField(null=True)
    after_event_id = models.BigIntegerField(default=0)
    code_hash = models.BinaryField(null=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    code_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=10, choices=EndReason.choices, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["request"], name="following_of_request"),
            models.Index(
                fields=["address_hash"],
                name="following_by_address",
                condition=Q(address_hash__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "channel", "address_hash"],
                condition=Q(address_hash__isnull=False),
                name="following_is_one_an_address",
            ),
            models.CheckConstraint(
                condition=Q(state=FollowingState.ENDED, ended_at__isnull=False)
                & ~Q(end_reason="")
                & Q(address_sealed__isnull=True, address_hash__isnull=True)
                | Q(
                    state__in=[FollowingState.PENDING, FollowingState.ACTIVE],
                    ended_at__isnull=True,
                    end_reason="",
                    address_sealed__isnull=False,
                    address_hash__isnull=False,
                ),
                name="following_has_an_address_until_it_ends",
            ),
            models.CheckConstraint(
                condition=~Q(state=FollowingState.ACTIVE) | Q(confirmed_at__isnull=False),
                name="following_is_confirmed_before_it_tells",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} for {self.request_id}"


class Message(models.Model):
    """One text on its way to one address; the same event is told to a follower once.

    `due_at` is when it is tried next, `expires_at` when it is given up. `provider` is who has it
    or may have it: as long as that is unclear nobody else gets it. `reference` is told to the
    provider, so that what comes twice counts once. `address_sealed` is there for answers to people
    who follow nothing.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True)
    following = models.ForeignKey(
        Following, models.CASCADE, null=True, related_name="messages", db_index=False
    )
    request = models.ForeignKey(
        ServiceRequest, models.CASCADE, related_name="messages", db_index=False
    )
    event = models.ForeignKey(
        RequestEvent, models.PROTECT, null=True, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=12, choices=MessageKind.choices)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    language = models.CharField(max_length=2, default="km")
    subject = models.CharField(max_length=200, blank=True)
    text = models.CharField(max_length=2000, blank=True)
    address_sealed = models.BinaryField(null=True)
    parts = models.PositiveSmallIntegerField(default=1)
    is_urgent = models.BooleanField(default=False)
    state = models.CharField(
        max_length=10, choices=MessageState.choices, default=MessageState.WAITING
    )
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)
    provider = models.CharField(max_length=20, blank=True)
    provider_ref = models.CharField(max_length=100, blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                F("channel"),
                F("due_at"),
                F("id"),
                name="message_due",
                condition=Q(state__in=ON_THE_WAY),
            ),
            models.Index(fields=["request", "-id"], name="message_of_request"),
            models.Index(fields=["created_at"], name="message_with_text", condition=~Q(text="")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "following"],
                condition=Q(event__isnull=False),
                name="message_tells_an_event_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=MessageState.values), name="message_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=MessageState.SENDING)
                | Q(claim__isnull=False, claimed_at__isnull=False) & ~Q(provider=""),
                name="message_in_hand_names_who_has_it",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[MessageState.SENT, MessageState.DELIVERED])
                | Q(sent_at__isnull=False),
                name="message_sent_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class Refusal(models.Model):
    """An address that wants no messages; only its keyed hash is kept."""

    channel = models.CharField(max_length=10, choices=Channel.choices)
    address_hash = models.BinaryField()
    refused_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "address_hash"], name="refusal_is_one_an_address"
            ),
        ]

    def __str__(self) -> str:
        return f"refusal {self.pk}"


class UsedToken(models.Model):
    """A link that works once and has worked; kept until it would have expired anyway."""

    token_hash = models.BinaryField(unique=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"used token {self.pk}"


class TellingCursor(models.Model):
    """How far the events of the province have been looked through for followers; one row."""

    xact_id = models.BigIntegerField()
    event_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.xact_id}/{self.event_id}"
