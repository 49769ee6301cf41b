"""What decisions refuse."""

from dfworx.core.errors import Conflict, Invalid


class NotThisStep(Conflict):
    """The state machine has no such step from here."""

    title = "This decision cannot do that in the state that it is in."


class DecisionChanged(Conflict):
    """Somebody else has changed the text since it was read."""

    title = "Somebody else has changed this decision meanwhile. Look at their text, and try again."


class DecisionFixed(Conflict):
    """The text of a decision that was made does not change; another record supersedes it."""

    title = "This record is closed. A change of substance is a new decision that supersedes it."


class NotOpen(Conflict):
    """Positions and concerns belong to an open proposal."""

    title = "This decision is not open: nobody is asked."


class NothingToAgreeTo(Invalid):
    """A proposal needs an outcome."""

    title = "Say what is to be decided: a proposal needs an outcome."


class NobodyNew(Invalid):
    """Whoever is asked already is not asked again."""

    title = "This asks nobody new: name somebody who is not asked yet."


class EverybodyMayAnswer(Conflict):
    """A proposal that names nobody is open to every member, and stays so."""

    title = "Nobody is named here: every member may answer already."


class TemplateNameTaken(Conflict):
    """Two templates of an organization cannot share a name."""

    title = "A template of this name exists already."


class LastTemplate(Conflict):
    """Something has to be proposed by."""

    title = "This is the last template: change it, or add another one first."


class ConcernClosed(Conflict):
    """It was withdrawn or resolved."""

    title = "This concern is closed already."


class DemoStays(Conflict):
    """What was decided out of the demo keeps the messages that it came from."""

    title = "A decision rests on the messages of the demo: it stays. Resolve the thread instead."
