"""The blueprint of the room, on which each file of pages registers its own."""

from flask import Blueprint

blueprint = Blueprint("confidential", __name__)
