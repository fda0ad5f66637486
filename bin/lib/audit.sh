# Whether known faults can be asked about, and what the answer means.

# reachable: whether the data answer within two seconds. One version of one package is asked about,
# as pip-audit does it: a mirror may know all packages, and nothing about them. The alarm also ends a
# look-up of the name that hangs.
reachable() {
    { "$python" -c 'import signal, urllib.request; signal.alarm(2)
urllib.request.urlopen("https://pypi.org/pypi/pip/24.0/json")'; } >/dev/null 2>&1
}

install_pip_audit() {
    "$python" -m venv "$tools"
    "$tools/bin/pip" install -q --disable-pip-version-check pip-audit
}

pip_audit() {
    "$tools/bin/pip-audit" --disable-pip --require-hashes --requirement requirements-dev.lock "$@"
}

# audit_if_reachable: fails where a fault is known, and nowhere else. pip-audit ends with 1 for no
# answer, too; only of faults, and of what it could not ask about, it writes a report.
audit_if_reachable() {
    if ! reachable || ! install_pip_audit >/dev/null 2>&1; then
        echo "Known faults: their data are not reachable, skipped."
    elif pip_audit --progress-spinner off --output "$tools/report" "$@" 2>"$tools/said"; then
        cat "$tools/said"
        [ ! -s "$tools/report" ] || cat "$tools/report"
    elif [ -s "$tools/report" ]; then
        cat "$tools/said" "$tools/report"
        return 1
    else
        echo "Known faults: their data did not answer, skipped."
    fi
}
