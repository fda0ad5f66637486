# What the tests drive for real: a browser, a database, and packages kept outside the project.

install_tools() {
    missing=""
    [ -x /usr/bin/chromium ] || missing="$missing chromium fonts-noto-core fonts-noto-color-emoji"
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
    if [ -n "$missing" ]; then
        echo "Installing$missing ..."
        apt_install $missing
    fi
    # The example bodies that GitHub publishes for its webhooks (MIT).
    npm_package octokit @octokit/webhooks-examples@7
    # Finds what keeps people from using a page (MPL-2.0).
    npm_package axe axe-core@4
}

# npm_package FOLDER NAME: unpacked into var/FOLDER.
npm_package() {
    [ -e "var/$1/package.json" ] && return
    command -v npm >/dev/null 2>&1 || apt_install npm
    mkdir -p "var/$1"
    tar -xzf "var/$(npm pack --silent --pack-destination var "$2")" -C "var/$1" --strip-components=1
}
