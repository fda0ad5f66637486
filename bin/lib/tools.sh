# What the tests drive for real: a browser, a database, and packages kept outside the project.

install_tools() {
    missing=""
    [ -x /usr/bin/chromium ] || missing="$missing chromium fonts-noto-core fonts-noto-color-emoji"
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
    [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || missing="$missing rabbitmq-server"
    [ -x /usr/sbin/dovecot ] || missing="$missing dovecot-imapd"
    if [ -n "$missing" ]; then
        echo "Installing$missing ..."
        install_idle $missing
    fi
    # The example bodies that GitHub publishes for its webhooks (MIT).
    npm_package octokit @octokit/webhooks-examples@7
    # Finds what keeps people from using a page (MPL-2.0).
    npm_package axe axe-core@4
}

# install_idle PACKAGES: none of their services is started; what the tests need, they start themselves.
# https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt
install_idle() {
    policy=/usr/sbin/policy-rc.d
    if [ -e "$policy" ]; then
        apt_install "$@"
        return
    fi
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
    status=0
    apt_install "$@" || status=$?
    as_root rm "$policy"
    return $status
}

# npm_package FOLDER NAME: unpacked into var/FOLDER.
npm_package() {
    [ -e "var/$1/package.json" ] && return
    command -v npm >/dev/null 2>&1 || apt_install npm
    mkdir -p "var/$1"
    tar -xzf "var/$(npm pack --silent --pack-destination var "$2")" -C "var/$1" --strip-components=1
}
