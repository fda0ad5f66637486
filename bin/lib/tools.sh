# Programs that the tests drive for real: a browser, a database, and bodies published by a partner.

install_tools() {
    missing=""
    [ -x /usr/bin/chromium ] || missing="$missing chromium fonts-noto-core fonts-noto-color-emoji"
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
    if [ -n "$missing" ]; then
        echo "Installing$missing ..."
        apt_install $missing
    fi
    octokit
}

# The example bodies that GitHub publishes for its webhooks (MIT); kept outside the project.
octokit() {
    [ -e var/octokit/package.json ] && return
    command -v npm >/dev/null 2>&1 || apt_install npm
    mkdir -p var/octokit
    npm pack --silent --pack-destination var @octokit/webhooks-examples@7 >/dev/null
    tar -xzf var/octokit-webhooks-examples-*.tgz -C var/octokit --strip-components=1
}
