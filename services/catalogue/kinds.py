"""The closed lists of words the catalogue is written in."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Standing(TextChoices):
    """How well a published figure or name is founded."""

    SOURCED = "sourced", _("from a public source")
    DERIVED = "derived", _("worked out from a public source")
    PLACEHOLDER = "placeholder", _("demo figure, not law")
    NOT_STATED = "not_stated", _("the source does not say")


class Level(TextChoices):
    """The level of office that offers a service."""

    PROVINCE = "province", _("Capital or province")
    DISTRICT = "district", _("District, khan or town")
    COMMUNE = "commune", _("Commune or sangkat")


class VersionState(TextChoices):
    """Where a version stands: only a draft may change."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class RefundRule(TextChoices):
    """What becomes of the fee when a request is refused."""

    KEEP = "keep", _("The fee is kept")
    FULL = "full", _("The fee is paid back")
    PART = "part", _("Part of the fee is paid back")


class FeeKind(TextChoices):
    """How a fee is worked out."""

    FREE = "free", _("Free of charge")
    FLAT = "flat", _("One fee")
    PER_UNIT = "per_unit", _("A fee for each unit")
    BY_DIMENSION = "by_dimension", _("A fee that depends on the case")


class Ceiling(TextChoices):
    """Whether an amount is the fee itself or the most that may be asked."""

    EXACT = "exact", _("exact fee")
    MAXIMUM = "maximum", _("maximum fee")


class InstrumentKind(TextChoices):
    """What kind of text a fee or a service rests on."""

    SUB_DECREE = "sub_decree", _("Sub-decree")
    PRAKAS = "prakas", _("Prakas")
    JOINT_PRAKAS = "joint_prakas", _("Inter-ministerial prakas")
    PUBLISHED_TABLE = "published_table", _("Published table; its legal text is not named")
    PRESS = "press", _("Press report")
    PLACEHOLDER = "placeholder", _("Demo data, not law")
