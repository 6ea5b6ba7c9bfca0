# The real parts that tests and the demo use. Sourced, not run.

# command:Debian package
TEST_PARTS="git:git mvn:maven docker:docker.io dockerd:docker.io busybox:busybox-static crun:crun runc:runc ip:iproute2 nft:nftables conntrack:conntrack unshare:util-linux kubectl:kubernetes-client curl:curl gcc:gcc docker-registry:docker-registry openssl:openssl haproxy:haproxy"

# Makes requests that cost the machine little, for ops/bench: without it only the client in Java measures.
BENCH_PARTS="wrk:wrk"

# Installs what is missing, as root on Debian; otherwise says what to install and fails. $1: which parts; those of the tests if not told.
install_parts() {
  local part missing=()
  for part in ${1:-$TEST_PARTS}; do
    PATH="$PATH:/usr/sbin:/sbin" command -v "${part%%:*}" >/dev/null || missing+=("${part#*:}")
  done
  if [ $# = 0 ] && ! file_is_static_busybox; then missing+=(busybox-static); fi
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing: ${missing[*]}"
    apt-get update -qq
    # Services are not wanted, only programs: the tests start their own.
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  else
    echo "These packages are needed (names as in Debian): ${missing[*]}. Install them, or run this as root on Debian." >&2
    return 1
  fi
}

# A busybox that runs without the libraries of this machine.
file_is_static_busybox() {
  local path
  path=$(command -v busybox) || return 1
  ! ldd "$path" >/dev/null 2>&1
}

# Starts a Docker Engine if none answers. $1: a folder for its pid and log.
start_docker() {
  local work=$1 waited=0
  if docker_answers; then return 0; fi
  if [ "$(id -u)" != 0 ]; then
    echo "No Docker Engine answers. Start one, or run ops/test as root." >&2
    return 1
  fi
  mount_cgroups
  echo "starting a Docker Engine for the tests"
  # Its own folder for what runs: an Engine that was killed leaves process ids behind that another one would wait for.
  setsid dockerd --pidfile "$work/dockerd.pid" --exec-root "$work/exec" >"$work/dockerd.log" 2>&1 </dev/null &
  echo $! >"$work/dockerd.own"
  until docker_answers; do
    waited=$((waited + 1))
    if [ "$waited" -gt 120 ]; then
      tail -n 20 "$work/dockerd.log" >&2
      echo "The Docker Engine did not answer within 60 s; its last words are above." >&2
      return 1
    fi
    sleep 0.5
  done
}

docker_answers() {
  curl -fsS --max-time 2 --unix-socket /var/run/docker.sock http://docker/_ping >/dev/null 2>&1
}

# A machine without an init system may have no cgroups mounted; the Engine needs them.
mount_cgroups() {
  mountpoint -q /sys/fs/cgroup 2>/dev/null || mount -t cgroup2 none /sys/fs/cgroup 2>/dev/null || true
}

# Stops the Docker Engine that start_docker started, by its own process id.
stop_docker() {
  local work=$1 pid waited=0
  [ -f "$work/dockerd.own" ] || return 0
  pid=$(cat "$work/dockerd.pid" 2>/dev/null || cat "$work/dockerd.own")
  kill "$pid" 2>/dev/null || return 0
  while kill -0 "$pid" 2>/dev/null && [ "$waited" -lt 60 ]; do
    waited=$((waited + 1))
    sleep 0.5
  done
  # It leaves the mount of its default network namespace behind.
  umount "$work"/exec/netns/* 2>/dev/null || true
}

# Fetches the newest kubectl that Debian has (sid), without touching this machine's apt: its own lists, its own sources, nothing
# installed. $1: a folder to keep it in for a week. Prints the program's path; otherwise says why there is none, and fails.
newest_kubectl() {
  local folder=$1 program=$1/usr/bin/kubectl apt
  if [ -x "$program" ] && [ -n "$(find "$program" -newermt '7 days ago')" ]; then echo "$program" && return 0; fi
  for apt in apt-get dpkg-deb; do
    command -v $apt >/dev/null || { echo "no $apt here" >&2 && return 1; }
  done
  rm -rf "$folder"
  mkdir -p "$folder"/{lists,archives}/partial
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian sid main" >"$folder/sources.list"
  apt=(apt-get -qq -o "Dir::Etc::SourceList=$folder/sources.list" -o Dir::Etc::SourceParts=/dev/null -o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null
    -o "Dir::State::Lists=$folder/lists" -o "Dir::Cache::Archives=$folder/archives" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=
    -o "APT::Sandbox::User=$(id -un)" -o Acquire::Languages=none -o Acquire::http::Timeout=20 -o Acquire::Retries=1
    -o DPkg::Post-Invoke= -o APT::Update::Post-Invoke= -o APT::Update::Post-Invoke-Success=)
  # Its package has had two names.
  (cd "$folder" && "${apt[@]}" update && { "${apt[@]}" download kubectl/sid || "${apt[@]}" download kubernetes-client/sid; }) >"$folder/log" 2>&1 || true
  find "$folder" -maxdepth 1 -name '*.deb' -exec dpkg-deb -x {} "$folder" \; >>"$folder/log" 2>&1
  if [ ! -x "$program" ]; then
    echo "Debian's archive does not give it: $(tail -n 1 "$folder/log")" >&2
    return 1
  fi
  rm -rf "$folder"/*.deb "$folder/lists" "$folder/archives"
  touch "$program"
  echo "$program"
}
