# A throwaway PostgreSQL cluster for tests. Sourced after common.sh and packages.sh, never run.
#
# It listens on a Unix socket only, runs as an unprivileged user (as `postgres` under root, since
# PostgreSQL refuses root), and trades durability for speed.
# shellcheck shell=bash

# Runs a command as the user that the cluster belongs to.
as_postgres() {
  if ((EUID == 0)); then
    setpriv --reuid=postgres --regid=postgres --clear-groups -- env --chdir=/ HOME=/ "$@"
  else
    "$@"
  fi
}

test_postgres_settings() {
  cat <<CONF
listen_addresses = ''
unix_socket_directories = '$1'
max_connections = 500
shared_buffers = 128MB
max_wal_size = 2GB
fsync = off
full_page_writes = off
synchronous_commit = off
autovacuum = off
jit = off
CONF
}

# start_test_postgres FOLDER: makes and starts a cluster in a folder that does not exist yet, and
# exports CLINIC_TEST_DATABASE_URL: a superuser's URL of the database `postgres`.
start_test_postgres() {
  local folder=$1 programs
  programs=$(postgres_programs) || die "PostgreSQL's server programs are missing"
  mkdir -p "$folder"
  if ((EUID == 0)); then chown postgres "$folder"; fi
  local log=$folder/../postgres.start.log
  {
    as_postgres "$programs/initdb" --pgdata="$folder/data" --username=postgres --auth=trust \
      --encoding=UTF8 --locale=C.UTF-8 --no-sync --no-instructions &&
      test_postgres_settings "$folder" >>"$folder/data/postgresql.conf" &&
      as_postgres "$programs/pg_ctl" --pgdata="$folder/data" --log="$folder/log" --wait start
  } >"$log" 2>&1 </dev/null || {
    cat "$log" "$folder/log" >&2 2>/dev/null || true
    return 1
  }
  export CLINIC_TEST_DATABASE_URL="postgresql://postgres@/postgres?host=$folder"
}

# stop_test_postgres FOLDER: ends the cluster; its data are not wanted any more.
stop_test_postgres() {
  local folder=$1 programs
  [[ -s $folder/data/postmaster.pid ]] || return 0
  programs=$(postgres_programs) || return 0
  as_postgres "$programs/pg_ctl" --pgdata="$folder/data" --mode=immediate --wait stop \
    >/dev/null 2>&1 || true
}
