# PostgreSQL and Redis for the tests of the cluster, from Debian's packages, on free loopback ports. Sourced by .ci/run: `start_services` exports QUANTAI_TEST_POSTGRES and
# QUANTAI_TEST_REDIS for what could be started and says what could not; `stop_services` ends what it started.

services=''
services_words=''

# Debian's packages start a server of their own when they are installed; only the programs are wanted.
install_quietly() {
  local policy=/usr/sbin/policy-rc.d made=''
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy" && made=yes
  fi
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"; } >/dev/null 2>&1
  [ -z "$made" ] || rm -f "$policy"
}

start_services() {
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || install_quietly postgresql
  command -v redis-server >/dev/null || install_quietly redis-server
  services_words=$(mktemp)
  node "$(dirname "${BASH_SOURCE[0]}")/services.mjs" >"$services_words" &
  services=$!
  while ! grep -q '^# ready' "$services_words"; do
    kill -0 "$services" 2>/dev/null || break
    sleep 0.1
  done
  source "$services_words"
}

stop_services() {
  [ -n "$services" ] || return 0
  kill "$services" 2>/dev/null
  wait "$services" 2>/dev/null
  rm -f "$services_words"
  services=''
}
