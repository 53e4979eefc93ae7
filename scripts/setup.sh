#!/usr/bin/env bash
# Make .venv with the locked dependencies and the command `casework` in it.
#
#   scripts/setup.sh          what the application needs
#   scripts/setup.sh test     the same and what the tests and checks need
#
# Each step leaves a stamp with the fingerprint of what it was made from, so a second run takes about a second.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=.venv
stamps=$venv/stamps

fail() {
    echo "make setup: $*" >&2
    exit 1
}

as_root() { # run a command as root, without ever asking for a password
    if [ "$(id -u)" -eq 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo -n "$@"; else return 1; fi
}

python_is_recent() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    local candidate
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if command -v "$candidate" >/dev/null && python_is_recent "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    fail "Python 3.11 or newer is needed and was not found; install it (apt-get install python3) or name it: make setup PYTHON=/path/to/python3"
}

# Debian and Ubuntu keep the part of the standard library that makes virtual environments in a package of its own.
ensure_venv_module() {
    local python=$1 package
    "$python" -c 'import ensurepip, venv' 2>/dev/null && return
    package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    echo "Installing $package"
    as_root apt-get update -qq >/dev/null 2>&1 || true
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$package" >/dev/null 2>&1 ||
        fail "the package $package is missing and could not be installed from here; run: sudo apt-get install $package"
    "$python" -c 'import ensurepip, venv' 2>/dev/null || fail "$package is installed but $python still cannot make a virtual environment"
}

fingerprint() {
    cat "$@" | sha256sum | cut -d' ' -f1
}

is_done() { # is_done <step> <fingerprint>
    [ -f "$stamps/$1" ] && [ "$(cat "$stamps/$1")" = "$2" ]
}

mark_done() {
    mkdir -p "$stamps"
    echo "$2" >"$stamps/$1"
}

make_venv() {
    # The scripts of a virtual environment name its folder: a checkout that was moved or copied needs a new one.
    local here python
    here=$(pwd | sha256sum | cut -d' ' -f1)
    if is_done place "$here" && python_is_recent $venv/bin/python; then return; fi
    python=$(find_python)
    ensure_venv_module "$python"
    echo "Making $venv with $("$python" --version)"
    rm -rf $venv
    "$python" -m venv $venv
    mark_done place "$here"
}

install_lock() { # install_lock <step> <lock file>
    local wanted
    wanted=$(fingerprint "$2")
    is_done "$1" "$wanted" && return
    echo "Installing the dependencies of $2"
    $venv/bin/python -m pip install -qq --disable-pip-version-check --no-input --no-deps --require-hashes -r "$2"
    mark_done "$1" "$wanted"
}

# Editable, with the pinned setuptools instead of a downloaded one: no package comes from outside the lock.
install_project() {
    local wanted
    wanted=$(fingerprint setup.cfg setup.py pyproject.toml)
    is_done project "$wanted" && [ -x $venv/bin/casework ] && return
    echo "Installing casework in editable mode"
    $venv/bin/python -m pip install -qq --disable-pip-version-check --no-input --no-deps --no-build-isolation \
        --no-index --editable .
    mark_done project "$wanted"
}

make_venv
if [ "${1:-}" = test ]; then
    # The test lock holds the runtime lock too, so one installation is enough.
    install_lock test requirements-test.lock
    mark_done runtime "$(fingerprint requirements.lock)"
else
    install_lock runtime requirements.lock
fi
install_project
