#!/bin/sh
# Fills .venv from the locks: `tools/setup.sh run` to use Seamark, `dev` to test it, `bench` to measure it;
# then brings in what the pages are made of. A second run does nothing while all that is the same. A .venv that is unfinished,
# was copied from elsewhere, or whose Python went away is made anew.
set -eu
unset CDPATH
cd -- "$(dirname -- "$0")/.."

python=.venv/bin/python
stamp=.venv/set-up # the folder and Python this .venv was made for, then a line for each lock installed

say() { printf 'set-up: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

main() {
    case "$1" in
        run) locks=requirements.lock ;;
        dev) locks="requirements-dev.lock requirements.lock" ;;
        bench) locks="requirements-bench.lock requirements.lock" ;;
        *) fail "say what for: run, dev or bench" ;;
    esac
    lock=${locks%% *}
    wait_for_other_runs
    fill_venv
    "$python" tools/vendor.py
    "$python" tools/messages.py compile
}

fill_venv() {
    if made_here && grep -qxF -e "$(state "$lock")" "$stamp"; then return; fi
    made_here || make_venv
    rm -f "$stamp" # from here until the end .venv is unfinished
    install_lock "$lock"
    { here; for each in $locks; do state "$each"; done; } >.venv/set-up.new
    mv .venv/set-up.new "$stamp"
    say "done"
}

wait_for_other_runs() {
    if command -v flock >/dev/null; then exec 9<tools/setup.sh && flock 9; fi
}

here() { printf '%s with %s\n' "$(pwd)" "$("$python" -V 2>&1)"; }
made_here() { [ -f "$stamp" ] && [ -x "$python" ] && [ "$(here)" = "$(head -n 1 "$stamp")" ]; }
state() { printf '%s %s\n' "$1" "$(cat pyproject.toml requirements-setup.lock "$1" | cksum)"; }

make_venv() {
    base=$(suitable_python) || exit 1
    if [ -e .venv ]; then say ".venv is unfinished or was made elsewhere: making it anew"; fi
    say "$("$base" -V) ($(command -v "$base")) into .venv"
    rm -rf .venv
    "$base" -m venv .venv
}

install_lock() {
    say "installing $1"
    "$python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-setup.lock
    install --require-hashes -r "$1"
    install --no-deps --editable .
}

# The build tools come from requirements-setup.lock too, hence no isolation: nothing unhashed is run.
# uv takes seconds where pip takes a minute, but does not read pip's configuration.
install() {
    index=${UV_DEFAULT_INDEX:-${PIP_INDEX_URL:-$("$python" -m pip config get global.index-url 2>/dev/null || true)}}
    if [ "$index" ]; then export UV_DEFAULT_INDEX="$index"; fi
    .venv/bin/uv pip install --quiet --system-certs --python "$python" --no-build-isolation "$@" && return
    say "uv could not; pip tries"
    "$python" -m pip install --quiet --disable-pip-version-check --no-build-isolation "$@"
}

suitable_python() {
    found=
    for each in ${PYTHON:+"$PYTHON"} python3.13 python3.12 python3.11 python3; do
        "$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
        if "$each" -c 'import ensurepip, venv' 2>/dev/null; then echo "$each"; return; fi
        found=${found:-$each}
    done
    [ "$found" ] || fail "Seamark needs Python 3.11 or newer, and none was found (python3 is: $(python3 -V 2>&1)).
        Install one, or name one: make … PYTHON=/path/to/python3"
    add_ensurepip "$found" && echo "$found"
}

# Debian and Ubuntu keep ensurepip, which venv needs, in a package of its own.
add_ensurepip() {
    package=$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "$1 lacks ensurepip: installing $package"
        export DEBIAN_FRONTEND=noninteractive
        { apt-get update -qq; apt-get install -qq -y --no-install-recommends "$package"; } >/dev/null || true
    fi
    "$1" -c 'import ensurepip, venv' 2>/dev/null ||
        fail "$1 cannot make a virtual environment: ensurepip is missing.
        On Debian and Ubuntu: sudo apt-get install $package"
}

main "${1-}"
