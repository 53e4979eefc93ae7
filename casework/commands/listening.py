"""The address on which the application answers."""

import errno
import http.client
import socket

from casework.kernel.errors import ConfigurationError

_REASONS = {
    errno.EADDRINUSE: (
        "Le port %(port)s est déjà pris sur %(host)s : arrêtez le programme qui l’occupe, ou choisissez un autre port "
        "(CASEWORK_PORT)."
    ),
    errno.EACCES: "Le port %(port)s est réservé au système : choisissez-en un à partir de 1024 (CASEWORK_PORT).",
}
_NO_ADDRESS = "CASEWORK_HOST : « %(host)s » n’est pas une adresse de cette machine."
_EVERYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104 -- compared with, not listened on


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket. Raises ConfigurationError, with the reason, when the address cannot be had."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(512)
        except OSError:
            listener.close()
            raise
    except socket.gaierror as error:
        raise ConfigurationError(_NO_ADDRESS, host=host) from error
    except OSError as error:
        raise ConfigurationError(_REASONS.get(error.errno or 0, _NO_ADDRESS), host=host, port=port) from error
    return listener


def reachable_host(host: str) -> str:
    """Return the name by which this machine reaches an application that listens on `host`."""
    if host in _EVERYWHERE:
        return "localhost"
    return f"[{host}]" if ":" in host else host


def answers(host: str, port: int) -> bool:
    """Tell whether somebody answers there over HTTP, whatever is answered."""
    connection = http.client.HTTPConnection(reachable_host(host), port, timeout=2)
    try:
        connection.request("GET", "/sante")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
