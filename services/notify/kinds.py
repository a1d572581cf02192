"""The closed lists of words that followings and messages are written in."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """The ways on which a person can be told."""

    TELEGRAM = "telegram", _("Telegram")
    SMS = "sms", _("SMS")
    PUSH = "push", _("Notices in the browser")
    EMAIL = "email", _("E-mail")


class Origin(models.TextChoices):
    """Where a following began."""

    COUNTER = "counter", _("At the counter")
    PAGE = "page", _("On the citizens' page")


class FollowingState(models.TextChoices):
    """Pending: asked for, and not yet confirmed by the person."""

    PENDING = "pending", _("Not yet confirmed")
    ACTIVE = "active", _("Follows")
    ENDED = "ended", _("Ended")


class EndReason(models.TextChoices):
    """Why a following ended."""

    STOPPED = "stopped", _("Stopped by the person")
    REFUSED = "refused", _("The number belongs to somebody else")
    BLOCKED = "blocked", _("The number wants no messages")
    GONE = "gone", _("The address no longer exists")
    EXPIRED = "expired", _("Never confirmed")
    CLOSED = "closed", _("The request is finished")


class MessageKind(models.TextChoices):
    """What a message tells."""

    RECEIVED = "received", _("Received, papers missing")
    REGISTERED = "registered", _("Registered")
    STAGE = "stage", _("Next stage")
    WAITING = "waiting", _("Waiting for the citizen")
    GOING_ON = "going_on", _("Going on")
    MOVED = "moved", _("The due day moved")
    FORWARDED = "forwarded", _("Forwarded to another office")
    READY = "ready", _("Ready to collect")
    DELIVERED = "delivered", _("Collected")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    CONFIRM = "confirm", _("Confirmation of a follower")
    ANSWER = "answer", _("Answer to a question")


class MessageState(models.TextChoices):
    """How far a message has come; a message is sending only while a worker has it in hand."""

    WAITING = "waiting", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Arrived")
    FAILED = "failed", _("Not delivered")
    CANCELLED = "cancelled", _("No longer wanted")
