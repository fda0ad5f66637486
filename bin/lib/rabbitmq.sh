# with_rabbitmq COMMAND...: runs it with BROKER_URL set to a private RabbitMQ, gone afterwards. The
# node of Debian's package does not run and is not touched: this one has a folder, a name, ports and a
# register of names (epmd) of its own, and listens on this machine alone.

with_rabbitmq() {
    rabbit=$(mktemp -d /tmp/idonethis-rabbitmq.XXXXXX)
    set_up_rabbitmq "$rabbit"
    rabbitmq_here "$rabbit" rabbitmq-server >"$rabbit/said" 2>&1 &
    rabbit_pid=$!
    status=0
    if rabbitmq_listens "$rabbit" "$rabbit_pid"; then
        BROKER_URL=$(cat "$rabbit/url") "$@" || status=$?
    else
        echo "RabbitMQ did not start:" >&2
        tail -n 20 "$rabbit/said" >&2
        status=1
    fi
    rabbitmq_here "$rabbit" rabbitmqctl shutdown --no-wait >/dev/null 2>&1 || kill "$rabbit_pid" 2>/dev/null || true
    wait "$rabbit_pid" 2>/dev/null || true
    rabbitmq_here "$rabbit" epmd -kill >/dev/null 2>&1 || true
    rm -rf "$rabbit"
    return $status
}

# set_up_rabbitmq FOLDER: its settings, and where it will be.
set_up_rabbitmq() {
    set -- "$1" $(python3 -c 'import socket
free = [socket.socket() for _ in range(3)]
for s in free: s.bind(("127.0.0.1", 0))
print(*(s.getsockname()[1] for s in free))')
    cat >"$1/environment" <<END
HOME=$1
RABBITMQ_BASE=$1
RABBITMQ_MNESIA_BASE=$1/mnesia
RABBITMQ_LOG_BASE=$1/log
RABBITMQ_LOGS=-
RABBITMQ_PID_FILE=$1/pid
RABBITMQ_NODENAME=idonethis$2@localhost
RABBITMQ_NODE_IP_ADDRESS=127.0.0.1
RABBITMQ_NODE_PORT=$2
RABBITMQ_DIST_PORT=$3
RABBITMQ_CONF_ENV_FILE=$1/none
RABBITMQ_ENABLED_PLUGINS_FILE=$1/none
RABBITMQ_CONFIG_FILE=$1/rabbitmq
RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=-kernel inet_dist_use_interface {127,0,0,1}
ERL_EPMD_PORT=$4
ERL_EPMD_ADDRESS=127.0.0.1
END
    echo "listeners.tcp.default = 127.0.0.1:$2" >"$1/rabbitmq.conf"
    echo "amqp://guest:guest@127.0.0.1:$2//" >"$1/url"
    echo "$2" >"$1/port"
}

# rabbitmq_here FOLDER PROGRAM WORDS...: as whoever runs this, not as the package's user.
rabbitmq_here() {
    folder=$1
    shift
    (
        while IFS= read -r line; do export "$line"; done <"$folder/environment"
        PATH="/usr/lib/rabbitmq/bin:$PATH" exec "$@"
    )
}

# rabbitmq_listens FOLDER PID: waits until it takes connections; fails where it ended before.
rabbitmq_listens() {
    tries=0
    until python3 -c 'import socket, sys; socket.create_connection(("127.0.0.1", int(sys.argv[1])))' \
        "$(cat "$1/port")" 2>/dev/null; do
        tries=$((tries + 1))
        [ "$tries" -lt 600 ] && kill -0 "$2" 2>/dev/null || return 1
        sleep 0.2
    done
}
