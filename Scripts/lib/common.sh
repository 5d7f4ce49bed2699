# Words and small helps that the scripts share. Sourced, never run.
# shellcheck shell=bash

# The repository's folder, whatever the working folder is.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# Tools speak the same language everywhere.
export LC_ALL=C.UTF-8

# note TEXT…: says a line on standard error.
note() {
  printf '%s\n' "$*" >&2
}

# die TEXT…: says why, and ends the script.
die() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# What the manifest asks for: `// swift-tools-version: X.Y`.
required_swift() {
  sed -n '1s/^.*swift-tools-version: *\([0-9.]*\).*$/\1/p' "$root/Package.swift"
}

# Ends the script with a clear message where Swift is absent or too old. Swift is the one thing
# that the scripts do not install.
require_swift() {
  local wanted version folder
  wanted=$(required_swift)
  if ! command -v swift >/dev/null; then
    # Where its archives and containers are usually unpacked.
    for folder in /opt/swift/usr/bin /usr/local/swift/usr/bin "$HOME/.local/share/swiftly/bin"; do
      if [[ -x $folder/swift ]]; then
        export PATH=$PATH:$folder
        break
      fi
    done
  fi
  command -v swift >/dev/null || die "Swift is not installed, or not in PATH.
Install Swift $wanted or later (https://www.swift.org/install/linux), then run this again."
  version=$(swift --version 2>/dev/null | sed -n 's/^.*Swift version \([0-9.]*\).*$/\1/p')
  printf '%s\n' "$wanted" "$version" | sort -CV ||
    die "Swift $version is too old.
Install Swift $wanted or later (https://www.swift.org/install/linux), then run this again."
}

# with_log FILE COMMAND…: runs a command whose output only matters when it fails.
with_log() {
  local log=$1
  shift
  mkdir -p "$(dirname "$log")"
  "$@" >"$log" 2>&1 || {
    local status=$?
    cat "$log" >&2
    return "$status"
  }
}
