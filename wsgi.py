"""Entry point of WSGI servers."""

from casework import create_app

application = create_app()
