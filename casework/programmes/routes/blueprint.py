"""The blueprint that the pages of this folder share."""

from flask import Blueprint

blueprint = Blueprint("programmes", __name__)
