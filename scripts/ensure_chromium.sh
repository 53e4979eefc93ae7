#!/usr/bin/env bash
# The browser tests run in a real Chromium: find one, or install Debian's; without one the tests do not start.
set -euo pipefail

find_browser() {
    local name
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        # Ubuntu's chromium-browser may be a stub that only asks for a snap: a browser is one that answers.
        if command -v "$name" >/dev/null && "$name" --version >/dev/null 2>&1; then return 0; fi
    done
    return 1
}

as_root() { # run a command as root, without ever asking for a password
    if [ "$(id -u)" -eq 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo -n "$@"; else return 1; fi
}

find_browser && exit 0
echo "Installing chromium"
if command -v apt-get >/dev/null; then
    as_root apt-get update -qq >/dev/null 2>&1 || true
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium </dev/null >/dev/null 2>&1 || true
fi
find_browser && exit 0
echo "make test: the browser tests need Chromium, which could not be installed from here; run: sudo apt-get install chromium (or install Google Chrome)" >&2
exit 1
