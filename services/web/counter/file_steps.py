"""What one person can do with a file now: which steps, under what name, the first one first."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from owso.accounts.permissions import Role
from owso.formats import name_of
from services.casework.kinds import DRAFTING_ROLES
from services.casework.queries import Casework, Person, colleagues
from services.casework.rules import issues_document
from services.casework.wordings import OPINION_STAGE
from services.catalogue.queries import terms as terms_of
from services.catalogue.terms import VersionTerms
from services.desk.queries import Unsent
from services.offices.actors import Actor
from services.offices.queries import offices
from services.requests.models import ServiceRequest
from services.requests.states import STEPS, State
from services.web.counter.casework_forms import CASEWORK_FORMS, AssignForm
from services.web.counter.step_forms import FORMS, ForwardForm, StepForm
from services.web.counter.unsent import Kept, put_back

ORDER = (
    "complete",
    "pay",
    "resume",
    "sign",
    "conclude",
    "advance",
    "deliver",
    "take",
    "draft",
    "ask_opinion",
    "send_back",
    "assign",
    "pause",
    "forward",
    "reject",
    "withdraw",
    "note",
)
"""The first of them that is possible is what the page offers first."""
PRIMARY = frozenset({"complete", "pay", "resume", "sign", "conclude", "advance", "deliver"})
OF_THE_STAGE = frozenset({"advance", "sign", "conclude", "draft", "take", "send_back"})
"""Steps of whoever acts in the present stage."""


ALIKE = frozenset(
    {
        *("complete", "resume", "sign", "conclude", "advance", "take", "ask_opinion"),
        *("send_back", "pause", "forward", "reject", "withdraw", "note", "assign"),
    }
)
"""Steps whose empty form is the same for every file of a version, stage and office."""
_FINISHING = {
    "check": gettext_lazy("Accept the papers"),
    "opinion": gettext_lazy("Hand on without a written opinion"),
    "draft": gettext_lazy("Hand the draft on"),
    "review": gettext_lazy("Initial and hand on"),
    "sign": gettext_lazy("Signed: hand on"),
    "seal": gettext_lazy("Sealed and registered: ready"),
}
_LABELS = {
    "complete": gettext_lazy("All papers are here: start the clock"),
    "pay": gettext_lazy("Take the fee"),
    "resume": gettext_lazy("The citizen came: go on"),
    "sign": gettext_lazy("Sign and number the document"),
    "conclude": gettext_lazy("Give the opinion and hand on"),
    "advance": gettext_lazy("Finish this stage"),
    "deliver": gettext_lazy("Hand over the result"),
    "take": gettext_lazy("I work on this file"),
    "draft": gettext_lazy("Keep the draft"),
    "ask_opinion": gettext_lazy("Ask for an opinion"),
    "send_back": gettext_lazy("Send back to an earlier stage"),
    "assign": gettext_lazy("Give the file to somebody"),
    "pause": gettext_lazy("Return for correction: wait for the citizen"),
    "forward": gettext_lazy("Forward to another office"),
    "reject": gettext_lazy("Refuse the request"),
    "withdraw": gettext_lazy("Withdraw"),
    "note": gettext_lazy("Write a note"),
}


@dataclass(frozen=True)
class Offered:
    """One step with its form; `is_first` stands open, the others unfold.

    The form is made only when it is looked at: what is `alike` for many files is kept as HTML.
    """

    name: str
    label: str
    is_first: bool
    found: ServiceRequest
    bound: StepForm | None = None
    kept: Unsent | None = None

    @cached_property
    def form(self) -> StepForm:
        """The form that came back wrong, or a new one, with what was typed and not sent."""
        return self.bound or put_back(step_form(self.name, self.found), self.kept)

    @property
    def is_open(self) -> bool:
        """Say whether the form came back wrong, or holds what was typed and not sent."""
        return self.kept is not None or (self.bound is not None and bool(self.bound.errors))

    @property
    def keeps(self) -> bool:
        """Say whether what is typed into the form is kept until it is sent."""
        return kind_of(self.name).keeps

    @cached_property
    def alike(self) -> tuple[Any, ...] | None:
        """What the HTML of the empty form depends on; None when it is this file's alone."""
        if self.bound or self.kept or self.name not in ALIKE:
            return None
        visit, version_id = self.found.current_visit, self.found.service_version_id
        stage = "" if visit is None else visit.stage_code
        people = _people(self.found) if self.name == "assign" else ()
        return self.name, version_id, stage, self.found.office_id, self.label, self.is_first, people


def kind_of(name: str) -> type[StepForm]:
    """Return what kind of form a step has."""
    return FORMS.get(name) or CASEWORK_FORMS[name]


def step_form(name: str, found: ServiceRequest, data: Any = None, *, key: str = "") -> StepForm:
    """Build the form of a step for a request."""
    terms = terms_of(found.service_version_id)
    form = kind_of(name)(data, found=found, terms=terms, step=key or name)
    if isinstance(form, ForwardForm):
        form.offer(offices(), name_of)
    if isinstance(form, AssignForm):
        form.offer(_people(found))
    return form


def _people(found: ServiceRequest) -> tuple[Person, ...]:
    """Who holds the role of the present stage."""
    if found.current_visit is None:
        return ()
    sector_id = terms_of(found.service_version_id).sector_id
    return colleagues(found.office_id, found.current_visit.actor_role, sector_id=sector_id)


def possible_steps(
    actor: Actor, found: ServiceRequest, work: Casework, *, due_riel: int | None
) -> list[str]:
    """Name the steps this person may take with the request as it stands, in their order.

    `due_riel` is what is still to be paid, None before the charge.
    """
    terms = terms_of(found.service_version_id)
    scope = {"office_id": found.office_id, "sector_id": terms.sector_id}
    state, visit = State(found.state), found.current_visit
    is_own = visit is not None and actor.holds(visit.actor_role, **scope)
    hindered = _hindered(found, terms, work, due_riel)
    return [
        name
        for name in ORDER
        if state in STEPS[name].begins
        and actor.may(STEPS[name].verb, **scope)
        and name not in hindered
        and (is_own or name not in OF_THE_STAGE)
    ]


def hindrance_of(found: ServiceRequest, work: Casework, *, due_riel: int | None) -> str:
    """Why the stage cannot be finished just now, for those who look for the button."""
    if found.current_visit is None or found.state == State.WAITING:
        return ""
    if work.open_opinions:
        return _("The stage ends when the opinion is here, or the question is taken back.")
    if _owes(found, due_riel):
        return _("The stage ends when the fee is paid. The cashier takes it with this code.")
    return ""


def offered(
    names: Iterable[str], found: ServiceRequest, bound: dict[str, StepForm], kept: Kept
) -> list[Offered]:
    """The steps with their forms; a form that came back wrong takes its place again."""
    names = [*names, *(name for name in bound if name in ORDER and name not in names)]
    first = next((name for name in names if name in PRIMARY), "")
    return [
        Offered(name, label_of(name, found), name == first, found, bound.get(name), kept.get(name))
        for name in names
    ]


def label_of(name: str, found: ServiceRequest) -> str:
    """What the button of a step says; finishing a stage is called by what was done in it."""
    visit = found.current_visit
    if name == "advance" and visit is not None:
        return str(_FINISHING.get(visit.stage_code, _("Finish this stage")))
    return str(_LABELS[name])


def _hindered(
    found: ServiceRequest, terms: VersionTerms, work: Casework, due_riel: int | None
) -> set[str]:
    """The steps that the rules would refuse at this very moment."""
    visit = found.current_visit
    role = "" if visit is None else visit.actor_role
    is_signing = role == Role.SIGNATORY and issues_document(terms)
    names = {"advance" if is_signing else "sign"}
    if role not in DRAFTING_ROLES or not issues_document(terms) or work.document is not None:
        names.add("draft")
    if visit is None or visit.stage_code == terms.stages[0].code or work.document is not None:
        names.add("send_back")
    if visit is None or visit.stage_code != OPINION_STAGE:
        names.add("conclude")
    if work.assignment is not None:
        names.add("take")
    if work.open_opinions or _owes(found, due_riel):
        names |= {"advance", "sign", "conclude"}
    if due_riel is not None and due_riel <= 0:
        names.add("pay")
    return names


def _owes(found: ServiceRequest, due_riel: int | None) -> bool:
    """Whether the fee keeps the request in its first stage; an older register is exempt."""
    return (
        found.state == State.REGISTERED
        and not found.is_imported
        and (due_riel is None or due_riel > 0)
    )
