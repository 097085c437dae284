#!/usr/bin/env bash
# Runs a command with a PostgreSQL and a Redis of its own: scripts/with-services.sh npm run bench -- --only queue
set -uo pipefail
source "$(dirname "$0")/ci-services.sh"
trap stop_services EXIT
start_services
"$@"
