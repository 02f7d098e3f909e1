#!/bin/sh
# Starts a sentinel that watches the primary named "gate". The configuration is written anew at each start: the sentinels tell
# each other what happened meanwhile.
set -eu
config=${SENTINEL_DIRECTORY:-/tmp}/sentinel.conf
umask 077
cat >"$config" <<CONFIG
port ${SENTINEL_PORT:-26379}
dir ${SENTINEL_DIRECTORY:-/tmp}
sentinel resolve-hostnames yes
sentinel announce-hostnames yes
sentinel announce-ip $SENTINEL_HOST
sentinel announce-port ${SENTINEL_PORT:-26379}
sentinel monitor gate $REDIS_PRIMARY ${REDIS_PRIMARY_PORT:-6379} 2
sentinel auth-pass gate $REDIS_PASSWORD
sentinel down-after-milliseconds gate 3000
sentinel failover-timeout gate 10000
CONFIG
exec redis-server "$config" --sentinel
