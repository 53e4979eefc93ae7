"""The blueprint on which the pages of cases stand."""

from flask import Blueprint

blueprint = Blueprint("cases", "casework.cases")
