"""A programme definition, read from data and checked: every fault is told with its place and what is allowed."""

from casework.programmes.definition.parts import Definition
from casework.programmes.definition.reader import DefinitionError
from casework.programmes.definition.reading import read_definition

__all__ = ["Definition", "DefinitionError", "read_definition"]
