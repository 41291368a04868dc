"""Would today's rows survive a constraint? Findings → proposals → questions that the server counts by itself → answers."""

from trueup.preflight.asking import Asked, ask
from trueup.preflight.proposals import proposals
from trueup.preflight.questions import Question, Unaskable, question

__all__ = ["Asked", "Question", "Unaskable", "ask", "proposals", "question"]
