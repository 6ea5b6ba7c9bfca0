# Chooses the JVM's arguments. Sourced, not run.

# Sets JVM_ARGUMENTS. $1: the JDK, $2: the distribution, $3: the command that will run.
jvm_arguments() {
  local java_home=$1 dist=$2 command=$3 cache jars
  # In one order for ever: an AOT cache holds for exactly the class path that it was trained with.
  jars=$(printf '%s\n' "$dist"/lib/*.jar | LC_ALL=C sort | paste -sd: -)
  JVM_FLAGS=(
    -XX:+UseSerialGC
    -Xms32m "-Xmx${SHIPLOG_MAX_HEAP:-256m}"
    -XX:-UsePerfData
    # The archive of classes at the address that it was made for: elsewhere every page of it is rewritten
    # at the start, and is memory of this process alone.
    -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0
    -XX:+ExitOnOutOfMemoryError
    --enable-native-access=ALL-UNNAMED
    --sun-misc-unsafe-memory-access=allow
    -Dfile.encoding=UTF-8
    -cp "$jars"
  )
  cache=$(aot_cache_file "$java_home" "$dist")
  JVM_ARGUMENTS=("${JVM_FLAGS[@]}")
  case "$command" in
    server | daemon)
      # The optimising compiler later, and for what is really hot: at a start it takes processor time that
      # the start needs, and memory that an idle cluster keeps.
      JVM_ARGUMENTS+=(
        -XX:-AOTReplayTraining
        -XX:Tier4InvocationThreshold=40000 -XX:Tier4MinInvocationThreshold=5000
        -XX:Tier4CompileThreshold=100000 -XX:Tier4BackEdgeThreshold=300000
      )
      ;;
    # Folds the whole log: as fast as it can.
    replay) ;;
    # Short commands are over before a second compiler pays.
    *) JVM_ARGUMENTS+=(-XX:TieredStopAtLevel=1) ;;
  esac
  if [ -z "${SHIPLOG_NO_AOT:-}" ]; then
    [ -f "$cache" ] || train_aot_cache "$java_home" "$cache"
    [ ! -s "$cache" ] || JVM_ARGUMENTS+=("-XX:AOTCache=$cache" -Xlog:disable -Xlog:all=error:stderr)
  fi
}

# Sets UNIGNORED to what a program is run by so that it hears SIGINT and SIGQUIT. A script's background jobs ignore them, and so
# does all that they start: a command in a container that Ctrl-C ended would seem to have failed in some other way.
unignored() {
  UNIGNORED=()
  if env --default-signal=INT,QUIT true 2>/dev/null; then UNIGNORED=(env --default-signal=INT,QUIT); fi
}

# The cache belongs to one JDK and one set of jars.
aot_cache_file() {
  local java_home=$1 dist=$2 id folder=$2/aot
  id=$(cat "$java_home/release" <(stat -c '%n %s %Y' "$dist"/lib/*.jar 2>/dev/null || ls -l "$dist"/lib) | cksum | tr ' ' '-')
  [ -w "$dist" ] || folder="${SHIPLOG_HOME:-$HOME/.shiplog}/aot"
  printf '%s/shiplog-%s.aot\n' "$folder" "$id"
}

# Runs the program once through its ordinary work and keeps what the JVM learnt (JEP 514). A failure costs speed only; it
# leaves an empty file, so that it is not tried at every start.
train_aot_cache() {
  local java_home=$1 cache=$2 work started=$SECONDS
  mkdir -p "$(dirname "$cache")"
  # Those of earlier builds are of no more use.
  rm -f "$(dirname "$cache")"/shiplog-*.aot "$(dirname "$cache")"/shiplog-*.aot.log
  [ ! -t 2 ] || printf '\r\033[Kpreparing for fast starts, once …' >&2
  work=$(mktemp -d)
  if SHIPLOG_HOME="$work" "$java_home/bin/java" "${JVM_FLAGS[@]}" "-XX:AOTCacheOutput=$cache.$$" -Xlog:disable -Xlog:all=error:stderr \
    dev.shiplog.cli.Main train >"$work/train.log" 2>&1 && [ -s "$cache.$$" ]; then
    mv "$cache.$$" "$cache"
  else
    : >"$cache"
    cp "$work/train.log" "$cache.log" 2>/dev/null || true
  fi
  rm -rf "$work" "$cache.$$"
  [ ! -t 2 ] || printf '\r\033[K' >&2
}
