# Installs what a bare Debian machine lacks. Sourced after common.sh, never run.
#
# Each need is a test and the Debian package that meets it, so that nothing is installed which is
# there by another way, and a machine that has everything loses no time.
# shellcheck shell=bash

missing_packages=()

# need PACKAGE COMMAND…: notes the package where the test fails.
need() {
  local package=$1
  shift
  "$@" >/dev/null 2>&1 || missing_packages+=("$package")
}

has_library() {
  pkg-config --exists "$1"
}

# What clang takes for the C++ sources among the dependencies.
has_cpp_library() {
  compgen -G '/usr/include/c++/*/vector' || compgen -G '/usr/local/include/c++/*/vector'
}

has_certificates() {
  [[ -s ${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt} ]]
}

# The folder of the newest PostgreSQL server programs, 15 or later. The extensions of `contrib`
# belong to it: Debian's package holds them.
postgres_programs() {
  local folder
  for folder in $(compgen -G '/usr/lib/postgresql/*/bin' | sort -t/ -k5 -rV) \
    $(compgen -G '/usr/pgsql-*/bin' | sort -rV) /usr/local/pgsql/bin; do
    if is_postgres_folder "$folder"; then
      printf '%s\n' "$folder"
      # Not a bare `return`: under a trap that tells how the script ended.
      return 0
    fi
  done
  folder=$(command -v postgres) || return 1
  folder=$(dirname "$(readlink -f "$folder")")
  is_postgres_folder "$folder" && printf '%s\n' "$folder"
}

is_postgres_folder() {
  local version
  [[ -x $1/postgres && -x $1/initdb ]] || return 1
  version=$("$1/postgres" --version | sed -n 's/^postgres (PostgreSQL) \([0-9]*\).*$/\1/p')
  ((${version:-0} >= 15))
}

# What `swift build` of this package needs.
needs_for_building() {
  need git command -v git
  need ca-certificates has_certificates
  need pkg-config command -v pkg-config
  need g++ has_cpp_library
  need libprotobuf-c-dev has_library libprotobuf-c
  need libpq-dev has_library libpq
  need libssl-dev has_library openssl
  need libsodium-dev has_library libsodium
  need zlib1g-dev has_library zlib
}

# What the embedded database and the tests' database need.
needs_for_database() {
  need postgresql postgres_programs
  need curl command -v curl
}

# What the clients of the section `partners` need.
needs_for_partners() {
  need python3 command -v python3
  need python3-venv python3 -c 'import ensurepip'
  need curl command -v curl
}

# What Scripts/generate needs.
needs_for_contracts() {
  need protobuf-compiler command -v protoc
  need libprotobuf-dev test -e /usr/include/google/protobuf/descriptor.proto
  need protobuf-c-compiler command -v protoc-gen-c
  if ! command -v buf >/dev/null; then
    need python3 command -v python3
    need python3-pip python3 -m pip --version
  fi
}

# What the conformance runner is built with.
needs_for_conformance() {
  need g++ command -v g++
  need libprotobuf-dev test -e /usr/include/google/protobuf/message.h
}

# Runs a command as root.
as_root() {
  if ((EUID == 0)); then
    "$@"
  else
    sudo "$@"
  fi
}

# Waits for another apt-get that is at work.
apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 "$@"
}

# Debian makes and starts a database cluster for the whole machine when the server's programs are
# first installed. Nobody asked for one, and port 5432 may be meant for another: this keeps it from
# that, and leaves the setting as it was.
install_postgres_quietly() {
  local settings=/etc/postgresql-common/createcluster.conf
  if [[ -e $settings ]]; then
    apt_get install --no-install-recommends "$@"
    return
  fi
  apt_get install --no-install-recommends postgresql-common
  as_root cp "$settings" "$settings.before"
  as_root sh -c "echo 'create_main_cluster = false' >>$settings"
  local status=0
  apt_get install --no-install-recommends "$@" || status=$?
  as_root mv "$settings.before" "$settings"
  return "$status"
}

# Installs what the `needs_for_…` functions found missing; says what, or how to do it by hand.
install_missing() {
  ((${#missing_packages[@]} > 0)) || return 0
  local packages
  mapfile -t packages < <(printf '%s\n' "${missing_packages[@]}" | sort -u)
  local by_hand="apt-get install --no-install-recommends ${packages[*]}"
  command -v apt-get >/dev/null || die "these Debian packages, or what they hold, are missing:
  ${packages[*]}"
  if ((EUID != 0)) && ! command -v sudo >/dev/null; then
    die "some packages are missing and sudo is not installed. As root:
  $by_hand"
  fi
  note "Installing what is missing: ${packages[*]}"
  local log=$root/.build/install.log
  with_log "$log" apt_get update || die "apt-get update failed (see above)"
  local install=(apt_get install --no-install-recommends)
  if [[ " ${packages[*]} " == *" postgresql "* ]]; then install=(install_postgres_quietly); fi
  with_log "$log" "${install[@]}" "${packages[@]}" || die "could not install. As root:
  $by_hand"
  missing_packages=()
}
