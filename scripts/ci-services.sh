# PostgreSQL and Redis for the tests of the cluster, from Debian's packages, on free loopback ports. Sourced by .ci/run: `start_services` exports QUANTAI_TEST_POSTGRES and
# QUANTAI_TEST_REDIS for what could be started and says what could not; `stop_services` ends what it started.

services=''

free_port() { node -e "const s = require('net').createServer().listen(0, '127.0.0.1', () => { console.log(s.address().port); s.close(); })"; }

# Debian's packages start a server of their own when they are installed; only the programs are wanted.
install_quietly() {
  local policy=/usr/sbin/policy-rc.d made=''
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy" && made=yes
  fi
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"; } >/dev/null 2>&1
  [ -z "$made" ] || rm -f "$policy"
}

postgres_programs() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1; }

start_postgres() {
  [ -n "$(postgres_programs)" ] || install_quietly postgresql
  local programs data port
  programs=$(postgres_programs)
  if [ -z "$programs" ]; then
    echo 'PostgreSQL could not be installed: its tests will be skipped.'
    return
  fi
  data="$services/postgres"
  port=$(free_port)
  mkdir -p "$data" && chown postgres: "$data"
  # The server refuses to run as root. A test database may lose its last second: no flush.
  if runuser -u postgres -- "$programs/initdb" -D "$data" -A trust -U postgres --no-sync >/dev/null &&
    runuser -u postgres -- "$programs/pg_ctl" -D "$data" -w -l "$data/log" start \
      -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300" >/dev/null; then
    export QUANTAI_TEST_POSTGRES="postgres://postgres@127.0.0.1:$port/postgres"
  else
    echo 'PostgreSQL could not be started: its tests will be skipped.'
  fi
}

start_redis() {
  command -v redis-server >/dev/null || install_quietly redis-server
  local port
  port=$(free_port)
  if command -v redis-server >/dev/null &&
    redis-server --bind 127.0.0.1 --port "$port" --save '' --appendonly no --daemonize yes --pidfile "$services/redis.pid" --dir "$services" --maxmemory-policy noeviction >/dev/null; then
    export QUANTAI_TEST_REDIS="redis://127.0.0.1:$port"
  else
    echo 'Redis could not be started: its tests will be skipped.'
  fi
}

start_services() {
  services=$(mktemp -d)
  chmod 755 "$services"
  start_postgres
  start_redis
}

stop_services() {
  [ -n "$services" ] || return 0
  [ ! -e "$services/redis.pid" ] || kill "$(cat "$services/redis.pid")" 2>/dev/null
  [ ! -e "$services/postgres/postmaster.pid" ] || runuser -u postgres -- "$(postgres_programs)/pg_ctl" -D "$services/postgres" -m immediate stop >/dev/null 2>&1
  rm -rf "$services"
}
