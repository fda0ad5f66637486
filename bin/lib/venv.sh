# Makes .venv with a Python that is new enough, and installs the package into it.

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

apt_install() {
    as_root apt-get update -qq -o DPkg::Lock::Timeout=300
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        -o DPkg::Lock::Timeout=600 "$@" >/dev/null
}

# The system's own first: a distribution builds it with all optimizations, others often do not.
find_python() {
    for python in /usr/bin/python3 python3 python3.14 python3.13 python3.12 python3.11; do
        if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$python"
            return
        fi
    done
    return 1
}

venv() {
    [ -x .venv/bin/pip ] && return
    python=$(find_python) || { apt_install python3; python=python3; }
    if ! "$python" -m venv .venv 2>/dev/null; then
        echo "Installing Python's venv module ..."
        apt_install python3-venv
        "$python" -m venv .venv
    fi
}

# install_package EXTRAS: only when what is to be installed has changed since the last time.
install_package() {
    stamp=".venv/installed$1"
    lock=$([ -z "$1" ] && echo requirements.lock || echo requirements-dev.lock)
    if [ ! -e "$stamp" ] || [ pyproject.toml -nt "$stamp" ] || [ "$lock" -nt "$stamp" ]; then
        echo "Installing I Done This into .venv ..."
        if is_locked "$lock"; then
            pip_install --require-hashes -r "$lock"
            pip_install --no-deps --no-build-isolation -e .
        else
            pip_install -e ".$1"
        fi
        touch "$stamp"
    fi
}

pip_install() {
    .venv/bin/pip install -q --disable-pip-version-check "$@"
}

# is_locked FILE: whether the versions in it are meant for this Python. A hash that does not fit is
# another matter: then nothing is installed.
is_locked() {
    [ -e "$1" ] || return
    .venv/bin/python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' && return
    echo "This Python is newer than what $1 was made for: installing what fits, without hashes."
    return 1
}
