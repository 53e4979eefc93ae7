"""A programme definition in words, for a reader who has never seen the file."""

from casework.programmes.presentation.parameters import ParameterRow, parameter_rows
from casework.programmes.presentation.sheet import Sheet, tell

__all__ = ["ParameterRow", "Sheet", "parameter_rows", "tell"]
