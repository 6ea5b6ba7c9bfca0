# Builds the distribution of a checkout. Sourced, not run.

# Builds if there is no distribution, or if a source is newer than it. $1: the checkout, $2: the distribution.
build_if_stale() {
  local root=$1 dist=$2
  [ -z "${SHIPLOG_NO_BUILD:-}" ] || return 0
  is_stale "$root" "$dist" || return 0
  mkdir -p "$root/target"
  (
    # One build at a time; who waited finds it done.
    if command -v flock >/dev/null; then flock 9; fi
    if is_stale "$root" "$dist"; then build "$root" "$dist"; fi
  ) 9>"$root/target/build.lock"
}

is_stale() {
  local root=$1 dist=$2
  [ -f "$dist/.built" ] || return 0
  [ -n "$(find "$root/pom.xml" "$root"/*/pom.xml "$root"/*/src/main "$root/ops/shiplog" "$root/ops/lib" -newer "$dist/.built" -print -quit)" ]
}

build() {
  local root=$1 dist=$2 log=$1/target/build.log started=$SECONDS pid line
  command -v mvn >/dev/null || {
    echo "Shiplog is built with Maven, which is not on the PATH: apt-get install maven, or brew install maven." >&2
    return 1
  }
  rm -rf "$dist"
  (cd "$root" && JAVA_HOME=$(find_jdk bin/javac) mvn -B -ntp package -DskipTests -Dquick -Dspotless.check.skip -pl reconciler -am >"$log" 2>&1 9>&-) &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    line=$(grep -oE '(Building shiplog [a-z-]+|Downloading from [^:]*)' "$log" 2>/dev/null | tail -n 1 | sed 's/Downloading from.*/fetching libraries/') || true
    [ ! -t 2 ] || printf '\r\033[Kbuilding Shiplog, first use: %s (%d s)' "${line:-starting}" "$((SECONDS - started))" >&2
    sleep 0.5
  done
  [ ! -t 2 ] || printf '\r\033[K' >&2
  if ! wait "$pid"; then
    grep -E '^\[ERROR\]' "$log" | head -n 12 >&2
    echo "The build failed; the whole of it is in $log" >&2
    return 1
  fi
  echo "built Shiplog in $((SECONDS - started)) s" >&2
  touch "$dist/.built"
}
