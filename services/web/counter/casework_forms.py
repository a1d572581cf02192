"""The forms of the back office beside a file: notes, opinions, drafts, who works on it."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from owso.formats import language
from services.casework.kinds import ASKED_ROLES, OPINION_DAYS, Recommendation
from services.casework.queries import Person
from services.web.counter.fields import Choice, Note
from services.web.counter.step_forms import StepForm

DEFAULT_DAYS = 2


class AssignForm(StepForm):
    """To whom the file goes."""

    person = Choice(label=_("Person"), choices=[])

    def offer(self, people: Iterable[Person]) -> None:
        """Offer the colleagues who have the role of the stage."""
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)
        names = [(str(person.id), _name(person)) for person in people]
        field.choices = [("", "—"), *names]


class NoteForm(StepForm):
    """A remark for colleagues."""

    keeps = True
    text = Note(label=_("Note for colleagues; it cannot be changed afterwards"))


class AskOpinionForm(StepForm):
    """Whose opinion, about what, within how many working days."""

    keeps = True
    role = Choice(label=_("Ask"), choices=[(role.value, role.label) for role in ASKED_ROLES])
    question = Note(label=_("Question"))
    days = Choice(label=_("Answer within"), asks=False, choices=[])

    def prepare(self) -> None:
        """Two working days are usual."""
        self.initial["days"] = str(DEFAULT_DAYS)
        field = self.fields["days"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(days), _days(days)) for days in OPINION_DAYS]


class AnswerForm(StepForm):
    """What the opinion comes to, and why."""

    keeps = True
    recommendation = Choice(label=_("The opinion"), choices=Recommendation.choices)
    answer = Note(label=_("Reasons and conditions"))


class DraftForm(StepForm):
    """The Khmer text of the document."""

    keeps = True
    body = Note(label=_("Text of the document, in Khmer"))

    def prepare(self) -> None:
        """A letter needs room."""
        self.fields["body"].widget.attrs["rows"] = 9


class SendBackForm(StepForm):
    """To which earlier stage, and why."""

    keeps = True
    to_stage = Choice(label=_("Back to"), choices=[], asks=False)
    reason = Note(label=_("What must be corrected"))

    def prepare(self) -> None:
        """Offer the stages before this one, the nearest first."""
        visit = self.found.current_visit
        here = "" if visit is None else visit.stage_code
        codes = [stage.code for stage in self.terms.stages]
        before = self.terms.stages[: codes.index(here)] if here in codes else ()
        field = self.fields["to_stage"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(stage.code, stage.name) for stage in reversed(before)]


CASEWORK_FORMS: dict[str, type[StepForm]] = {
    "take": StepForm,
    "assign": AssignForm,
    "note": NoteForm,
    "ask_opinion": AskOpinionForm,
    "answer": AnswerForm,
    "conclude": AnswerForm,
    "draft": DraftForm,
    "send_back": SendBackForm,
    "sign": StepForm,
}


def _days(days: int) -> str:
    return ngettext("%(count)s working day", "%(count)s working days", days) % {"count": days}


def _name(person: Person) -> str:
    return (language() == "en" and person.full_name_en) or person.full_name_km
