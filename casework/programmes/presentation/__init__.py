"""A programme definition in words, for a reader who has never seen the file."""

from casework.programmes.presentation.evidence import doubts
from casework.programmes.presentation.parameters import ParameterRow, parameter_rows
from casework.programmes.presentation.sheet import Sheet, headcount, tell
from casework.programmes.presentation.words import number

__all__ = ["ParameterRow", "Sheet", "doubts", "headcount", "number", "parameter_rows", "tell"]
