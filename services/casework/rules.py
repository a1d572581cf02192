"""What must be true before a stage is left; the requests ask, see `before_leaving`."""

from django.utils.translation import gettext_lazy as _

from owso.accounts.permissions import Role
from owso.errors import Conflict, InvalidTransition
from services.casework.models import Opinion, OutcomeDocument
from services.catalogue.terms import VersionTerms
from services.requests.preconditions import Leaving

DRAFTING = "draft"


def issues_document(terms: VersionTerms) -> bool:
    """Say whether a service ends in a document of the office: its plan has a stage for drafting."""
    return any(stage.code == DRAFTING for stage in terms.stages)


def check_opinions(leaving: Leaving) -> None:
    """Raise Conflict while an opinion is waited for; whoever asked may withdraw the question."""
    waited_for = Opinion.objects.filter(
        request=leaving.request, answered_at__isnull=True, withdrawn_at__isnull=True
    )
    role = waited_for.values_list("role", flat=True).first()
    if role is not None:
        raise Conflict(
            "opinion_open",
            _("An opinion is waited for: %(role)s. Wait for it, or withdraw the question.")
            % {"role": Role(role).label},
            role=role,
        )


def check_signature(leaving: Leaving) -> None:
    """Raise InvalidTransition when a document would go on unsigned, or go back signed.

    The system moves on what an older register or a made-up history says.
    """
    if leaving.by.is_system or not issues_document(leaving.terms):
        return
    is_signing = leaving.visit.actor_role == Role.SIGNATORY and not leaving.is_return
    if not is_signing and not leaving.is_return:
        return
    is_signed = OutcomeDocument.objects.filter(request=leaving.request).exists()
    if is_signing and not is_signed:
        raise InvalidTransition(
            "signature_missing",
            _("This service issues a document. Sign it, or send the file back with a reason."),
        )
    if leaving.is_return and is_signed:
        raise InvalidTransition(
            "signed_already",
            _("The document is signed and numbered. The file cannot go back any more."),
        )
