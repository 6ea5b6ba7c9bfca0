# Chooses the JVM's arguments. Sourced, not run.

# Sets JVM_ARGUMENTS. $1: the JDK, $2: the distribution, $3: the command that will run.
jvm_arguments() {
  local java_home=$1 dist=$2 command=$3 role=client cache jars
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
    "-XX:OnOutOfMemoryError=echo 'shiplog: the memory of ${SHIPLOG_MAX_HEAP:-256m} that it may use is full. Set SHIPLOG_MAX_HEAP, such as SHIPLOG_MAX_HEAP=1g, and start it again: nothing that was acknowledged is lost.'"
    # What can be made again is given back after a tenth of a second for each free mebibyte, and not after a whole one.
    -XX:SoftRefLRUPolicyMSPerMB=100
    --enable-native-access=ALL-UNNAMED
    --sun-misc-unsafe-memory-access=allow
    -Dfile.encoding=UTF-8
    -cp "$jars"
  )
  JVM_ARGUMENTS=("${JVM_FLAGS[@]}")
  case "$command" in
    server | daemon)
      # Both compilers later, and for what is really hot: at a start they take processor time that the start
      # needs, and memory that an idle cluster keeps.
      JVM_ARGUMENTS+=(
        -XX:-AOTReplayTraining
        -XX:Tier3InvocationThreshold=1000 -XX:Tier3MinInvocationThreshold=500
        -XX:Tier3CompileThreshold=5000 -XX:Tier3BackEdgeThreshold=200000
        -XX:Tier4InvocationThreshold=40000 -XX:Tier4MinInvocationThreshold=5000
        -XX:Tier4CompileThreshold=100000 -XX:Tier4BackEdgeThreshold=300000
      )
      role=server
      ;;
    # Folds the whole log: as fast as it can.
    replay) ;;
    # Short commands are over before a second compiler pays.
    *) JVM_ARGUMENTS+=(-XX:TieredStopAtLevel=1) ;;
  esac
  if [ -n "${SHIPLOG_AOT_OUTPUT:-}" ]; then
    JVM_ARGUMENTS+=("-XX:AOTCacheOutput=$SHIPLOG_AOT_OUTPUT/$role.aot" -Xlog:disable -Xlog:all=error:stderr)
  elif [ -z "${SHIPLOG_NO_AOT:-}" ]; then
    cache=$(aot_cache_file "$java_home" "$dist" "$role")
    [ -f "$cache" ] || train_aot_caches "$java_home" "$dist"
    [ ! -s "$cache" ] || JVM_ARGUMENTS+=("-XX:AOTCache=$cache" -Xlog:disable -Xlog:all=error:stderr)
  fi
}

# Sets UNIGNORED to what a program is run by so that it hears SIGINT and SIGQUIT. A script's background jobs ignore them, and so
# does all that they start: a command in a container that Ctrl-C ended would seem to have failed in some other way.
unignored() {
  UNIGNORED=()
  if env --default-signal=INT,QUIT true 2>/dev/null; then UNIGNORED=(env --default-signal=INT,QUIT); fi
}

# A cache belongs to one JDK and one set of jars, and to a role: every class in it is loaded at the start, so a command of a
# moment must not carry the classes of a server. $3: server or client.
aot_cache_file() {
  local java_home=$1 dist=$2 role=$3 id folder=$2/aot
  id=$(cat "$java_home/release" <(stat -c '%n %s %Y' "$dist"/lib/*.jar 2>/dev/null || ls -l "$dist"/lib) | cksum | tr ' ' '-')
  [ -w "$dist" ] || folder="${SHIPLOG_HOME:-$HOME/.shiplog}/aot"
  printf '%s/shiplog-%s-%s.aot\n' "$folder" "$id" "$role"
}

# Runs a cluster and a client through their ordinary work once, and keeps what the two JVMs learnt (JEP 514). A failure costs
# speed only; it leaves empty files, so that it is not tried at every start.
train_aot_caches() {
  local java_home=$1 dist=$2 work role cache
  work=$(mktemp -d)
  [ ! -t 2 ] || printf '\r\033[Kpreparing for fast starts, once …' >&2
  SHIPLOG_HOME="$work" SHIPLOG_AOT_OUTPUT="$work" SHIPLOG_NO_BUILD=1 "$SHIPLOG_LAUNCHER" train >"$work/train.log" 2>&1 || true
  for role in server client; do
    cache=$(aot_cache_file "$java_home" "$dist" "$role")
    mkdir -p "$(dirname "$cache")"
    # Those of earlier builds are of no more use.
    rm -f "$(dirname "$cache")"/shiplog-*-"$role".aot "$(dirname "$cache")"/shiplog-*-"$role".aot.log
    if [ -s "$work/$role.aot" ]; then
      mv "$work/$role.aot" "$cache"
    else
      : >"$cache"
      cat "$work/train.log" "$work/train/server.log" >"$cache.log" 2>/dev/null || true
    fi
  done
  rm -rf "$work"
  [ ! -t 2 ] || printf '\r\033[K' >&2
}
