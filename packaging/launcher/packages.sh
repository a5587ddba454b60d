# What the host must have, and installing what is missing of it by apt.

# a command or file that shows it | Debian's package | for which words | why
readonly host_needs=(
  "mvn|maven|build|builds the programs"
  "runc|runc|lab device|runs containers"
  "conmon|conmon|lab device|is each container's parent, so that it outlives the daemon"
  "/usr/bin/tini-static|tini|lab device|is process 1 in each container"
  "ip|iproute2|lab|makes the virtual devices' networks"
  "nsenter|util-linux|lab device|makes containers' networks, and enters them for health checks"
  "/bin/busybox|busybox-static|lab device|asks health checks, and is the sample image's content"
  "skopeo|skopeo|lab|pushes the sample image into a registry"
  "docker-registry|docker-registry|lab|is the registry that the sample image is imported from"
  "htpasswd|apache2-utils|lab|puts a password before that registry"
  "openssl|openssl|test|judges keys and certificates from outside in the tests"
  "mkfs.btrfs|btrfs-progs|test|makes the file system on which volumes are kept by its own snapshots"
  "mkfs.xfs|xfsprogs|test|makes the file system on which copies of volumes share their blocks"
  "setfacl|acl|test|judges from outside that a volume's access lists are kept"
  "setfattr|attr|test|judges from outside that a volume's extended attributes are kept"
  "/usr/lib/postgresql/15/bin/postgres|postgresql-15|test bench|is the second database that the control plane is tested and measured on"
  "umoci|umoci|test|makes and reads images from outside in the tests"
  "faketime|faketime|test|gives the device daemon a wrong clock in the tests"
  "socat|socat|test|hears in systemd's place what the device daemon tells it"
  "strace|strace|test|makes the disk fail beneath the device daemon in the tests"
  "node|nodejs|test|runs the programs that judge the fleet API from outside in the tests"
  "npm|npm|test|installs what those programs need"
  "qemu-system-x86_64|qemu-system-x86|machine|runs the virtual machines whose power is cut"
  "mke2fs|e2fsprogs|machine|makes their disks"
  "depmod|kmod|machine|finds out which modules their kernel needs"
)

is_present() {
  if [[ $1 == /* ]]; then
    [[ -e $1 ]]
  else
    PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin" command -v "$1" >/dev/null
  fi
}

# need_packages WORD...: installs what these words need and this machine lacks; says what it installs and why.
need_packages() {
  export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
  local need sign package words why word packages=()
  local reasons=''
  for need in "${host_needs[@]}"; do
    IFS='|' read -r sign package words why <<<"$need"
    for word in "$@"; do
      if [[ " $words " == *" $word "* ]] && ! is_present "$sign"; then
        packages+=("$package")
        reasons+="  $package: $why"$'\n'
        break
      fi
    done
  done
  [[ ${#packages[@]} -gt 0 ]] || return 0

  if [[ $(id -u) -ne 0 ]] || ! command -v apt-get >/dev/null; then
    say "This machine lacks:" "" && printf '%s' "$reasons" >&2
    if command -v apt-get >/dev/null; then
      say "Only root can install them: sudo apt-get install -y --no-install-recommends ${packages[*]}"
    else
      say "Install them with this system's package manager; the names above are Debian's."
    fi
    is_present mvn || fail "Without Maven 3.8.7 or later nothing can be built."
    say "Going on with what works without them."
    return 0
  fi
  say "Installing by apt:"
  printf '%s' "$reasons" >&2
  mkdir -p "$state"
  local log="$state/apt.log"
  install_packages "${packages[@]}" >"$log" 2>&1 &
  if ! follow $! "Installing ${#packages[@]} packages"; then
    tail -n 15 "$log" >&2
    fail "apt could not install ${packages[*]}." "All that it said stands in $log."
  fi
}

# The package lists are fetched only when apt can't do it with those that are there.
install_packages() {
  export DEBIAN_FRONTEND=noninteractive
  local clusters=/etc/postgresql-common/createcluster.conf code=0
  if [[ " $* " == *" postgresql-15 "* && ! -e $clusters ]]; then
    # Only its programs are wanted, for servers that the tests start; the package would start one of its own as well.
    mkdir -p "${clusters%/*}"
    printf 'create_main_cluster = false\n' >"$clusters"
    export UCF_FORCE_CONFFOLD=1
  else
    clusters=''
  fi
  apt_install "$@" || code=$?
  if [[ -n $clusters ]]; then
    # As the package ships it, for whoever wants a server here later.
    cp /usr/share/postgresql-common/createcluster.conf "$clusters" || rm -f "$clusters"
    rm -f "$clusters.ucf-dist"
  fi
  return "$code"
}

apt_install() {
  apt-get install -y --no-install-recommends "$@" </dev/null && return
  apt-get update && apt-get install -y --no-install-recommends "$@" </dev/null
}

# What the outside judges of the fleet API need, from the registry that npm is set up for: what the lock file names, nothing of it run
# while it is installed.
need_node_packages() {
  local folder="$home/cloud/src/test/node"
  local installed="$folder/node_modules/.package-lock.json"
  [[ ! -e $installed || $folder/package-lock.json -nt $installed ]] || return 0
  if ! command -v npm >/dev/null; then
    say "Going on without npm; tests that need its packages are skipped and named at the end."
    return 0
  fi
  mkdir -p "$state"
  local log="$state/npm.log"
  (cd "$folder" && npm ci --ignore-scripts) >"$log" 2>&1 </dev/null &
  if ! follow $! "Installing the tests' Node.js packages"; then
    tail -n 15 "$log" >&2
    fail "npm could not install what $folder/package-lock.json names." "All that it said stands in $log."
  fi
}
