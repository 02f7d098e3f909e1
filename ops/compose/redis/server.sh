#!/bin/sh
# Starts Redis as the primary, or as a replica of $REDIS_PRIMARY. Where a sentinel answers, its word about the primary counts, so
# that a former primary starts again as a replica.
set -eu
directory=${REDIS_DIRECTORY:-/data} port=${REDIS_PORT:-6379}
primary=${REDIS_PRIMARY:+$REDIS_PRIMARY ${REDIS_PRIMARY_PORT:-6379}}
for sentinel in ${REDIS_SENTINELS:-}; do
  answer=$(timeout 2 redis-cli -h "${sentinel%:*}" -p "${sentinel#*:}" sentinel get-master-addr-by-name gate 2>/dev/null | tr '\n' ' ') || continue
  case $answer in
    "$REDIS_HOST $port "*) primary= && break ;;
    *' '[0-9]*) primary=${answer% } && break ;;
  esac
done
umask 077
{
  echo "port $port"
  echo "dir $directory"
  # No persistence: the gate is rebuilt from the log and the authority. No eviction: evicted keys would be rebuilt and evict others.
  # docs/gate.md says how much memory is needed.
  echo 'save ""'
  echo 'appendonly no'
  echo 'maxmemory 512mb'
  echo 'maxmemory-policy noeviction'
  echo 'lazyfree-lazy-expire yes'
  echo "requirepass $REDIS_PASSWORD"
  echo "masterauth $REDIS_PASSWORD"
  echo "replica-announce-ip $REDIS_HOST"
  echo "replica-announce-port $port"
  [ -z "$primary" ] || echo "replicaof $primary"
} >"$directory/redis.conf"
exec redis-server "$directory/redis.conf"
