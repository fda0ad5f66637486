# with_postgres COMMAND...: runs it with DATABASE_URL set to a private PostgreSQL, gone afterwards, which
# therefore need not survive a loss of power.

with_postgres() {
    bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
    folder=$(mktemp -d /tmp/idonethis-postgres.XXXXXX)
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    # PostgreSQL refuses to run as root.
    if [ "$(id -u)" = 0 ]; then
        chown postgres "$folder"
        as="runuser -u postgres --"
    else
        as=""
    fi
    $as "$bin/initdb" -D "$folder/data" -U idonethis -A trust -E UTF8 --no-sync >/dev/null
    $as "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" -o "-p $port -k $folder -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off" start >/dev/null
    status=0
    DATABASE_URL="postgres://idonethis@127.0.0.1:$port/postgres" "$@" || status=$?
    $as "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null
    rm -rf "$folder"
    return $status
}
