# Chooses the JVM's arguments. Sourced, not run.

# Sets JVM_ARGUMENTS. $1: the JDK, $2: the distribution, $3: the command that will run.
jvm_arguments() {
  local java_home=$1 dist=$2 command=$3 role=client cache jars
  # Each program that a script calls takes milliseconds of every start: this one calls few.
  class_path "$dist"
  jars=$CLASS_PATH
  JVM_FLAGS=(
    -XX:+UseSerialGC
    "-Xmx${SHIPLOG_MAX_HEAP:-256m}"
    # A heap of few large pages: each page that is touched first costs a start its time.
    -XX:+UseTransparentHugePages
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
  [ -z "$CRYPTO" ] || JVM_ARGUMENTS+=(-Dshiplog.crypto=native)
  compilers
  case "$command" in
    server | daemon)
      JVM_ARGUMENTS+=(
        -Xms32m
        # After a collection of all of the heap, which the program asks for when it pays (HeapGrowth), nearly all of
        # what is free is given back, and no garbage is left to lie; and what the compilers took from the C library's
        # heap is, every few seconds.
        -XX:MinHeapFreeRatio=3 -XX:MaxHeapFreeRatio=5 -XX:-ShrinkHeapInSteps -XX:MarkSweepDeadRatio=0
        -XX:TrimNativeHeapInterval=5000
        # New objects get a sixth of the heap and not a third: all of it is touched between two collections, however
        # little lives.
        -XX:NewRatio=5
        # One area for code, in large pages, instead of three: 2 MiB less, where it was looked at.
        -XX:-SegmentedCodeCache
        -XX:-AOTReplayTraining
        "${COMPILERS[@]}"
      )
      role=server
      ;;
    # A node's program is small, and runs for as long as the cluster does.
    node) JVM_ARGUMENTS+=(-Xms8m -XX:-AOTReplayTraining "${COMPILERS[@]}") ;;
    # Folds the whole log: as fast as it can.
    replay) JVM_ARGUMENTS+=(-Xms32m) ;;
    # Short commands are over before a second compiler pays, or much of a heap is touched.
    *) JVM_ARGUMENTS+=(-Xms8m -XX:TieredStopAtLevel=1 -XX:-AOTReplayTraining) ;;
  esac
  if [ -n "${SHIPLOG_AOT_OUTPUT:-}" ]; then
    JVM_ARGUMENTS+=("-XX:AOTCacheOutput=$SHIPLOG_AOT_OUTPUT/$role.aot" -Xlog:disable -Xlog:all=error:stderr)
  elif [ -z "${SHIPLOG_NO_AOT:-}" ]; then
    aot_folder "$dist"
    cache=$AOT_FOLDER/shiplog-$role.aot
    aot_trained_on "$java_home" "$dist" || train_once "$java_home" "$dist"
    # The libraries in machine code beside the jars that they came in, which would be unpacked at every start otherwise.
    [ ! -d "$AOT_FOLDER/native" ] || JVM_ARGUMENTS+=("-Dorg.sqlite.lib.path=$AOT_FOLDER/native")
    [ ! -e "$AOT_FOLDER/native/libamazonCorrettoCryptoProvider.so" ] ||
      JVM_ARGUMENTS+=("-Djava.library.path=$AOT_FOLDER/native" -Dcom.amazon.corretto.crypto.provider.useExternalLib=true)
    [ ! -s "$cache" ] || JVM_ARGUMENTS+=("-XX:AOTCache=$cache" -Xlog:disable -Xlog:all=error:stderr)
  fi
}

# Sets CLASS_PATH: all jars, in one order for ever, since an AOT cache holds for exactly the class path that it was trained with;
# and CRYPTO to the jar with ciphers in machine code, if there is one for this machine and it is wanted. Those for others are left out.
class_path() {
  local LC_ALL=C IFS=: jar jars=()
  CRYPTO=
  for jar in "$1"/lib/*.jar; do
    case "$jar" in
      */crypto-linux-"$HOSTTYPE".jar)
        [ "$OSTYPE" = linux-gnu ] || continue
        [ "${SHIPLOG_NATIVE_CRYPTO:-on}" = off ] || CRYPTO=$jar
        ;;
      */crypto-linux-*.jar) continue ;;
    esac
    jars+=("$jar")
  done
  CLASS_PATH="${jars[*]}"
}

# Sets COMPILERS: how a program that runs for long is compiled. With ciphers in machine code, by the quick compiler only: what this
# program does, the optimising one makes no faster within its first thirty thousand writes, and takes half of the processor until then, and
# tens of mebibytes. Without them it is needed, since only its code encrypts fast, but late, and for what is really hot.
compilers() {
  if [ -n "$CRYPTO" ]; then
    # What is run two hundred times is not worth its code yet: 3 to 5 MiB with 100 pods. A thousand times were too many: their start took
    # a tenth more of the processor.
    COMPILERS=(-XX:TieredStopAtLevel=1 -XX:Tier3InvocationThreshold=600 -XX:Tier3MinInvocationThreshold=300)
  else
    COMPILERS=(
      -XX:Tier3InvocationThreshold=1000 -XX:Tier3MinInvocationThreshold=500
      -XX:Tier3CompileThreshold=5000 -XX:Tier3BackEdgeThreshold=200000
      -XX:Tier4InvocationThreshold=40000 -XX:Tier4MinInvocationThreshold=5000
      -XX:Tier4CompileThreshold=100000 -XX:Tier4BackEdgeThreshold=300000
    )
  fi
}

# Sets UNIGNORED to what a program is run by so that it hears SIGINT and SIGQUIT. A script's background jobs ignore them, and so
# does all that they start: a command in a container that Ctrl-C ended would seem to have failed in some other way.
unignored() {
  UNIGNORED=()
  if env --default-signal=INT,QUIT true 2>/dev/null; then UNIGNORED=(env --default-signal=INT,QUIT); fi
}

# Sets AOT_FOLDER: where the caches of a distribution are kept. One for each role: every class in it is loaded at the start, so a
# command of a moment must not carry the classes of a server.
aot_folder() {
  AOT_FOLDER=$1/aot
  [ -w "$1" ] || AOT_FOLDER="${SHIPLOG_HOME:-$HOME/.shiplog}/aot"
}

# Whether the caches in AOT_FOLDER are of this JDK and these jars. Sets AOT_KEY, which says which they are.
aot_trained_on() {
  local java_home=$1 dist=$2 release='' trained=''
  read -r -d '' release <"$java_home/release" || true
  AOT_KEY="$release
$(stat -c '%n %s %Y' "$dist"/lib/*.jar 2>/dev/null || ls -l "$dist"/lib)"
  [ -r "$AOT_FOLDER/trained-on" ] || return 1
  read -r -d '' trained <"$AOT_FOLDER/trained-on" || true
  [ "$trained" = "$AOT_KEY" ]
}

# One training at a time; who waited finds it done.
train_once() {
  mkdir -p "${AOT_FOLDER%/*}"
  (
    if command -v flock >/dev/null; then flock 9; fi
    aot_trained_on "$1" "$2" || train_aot_caches "$1" "$2"
  ) 9>"$AOT_FOLDER.lock"
}

# Runs a cluster and a client through their ordinary work once, and keeps what the two JVMs learnt (JEP 514), and the database's
# library. A failure costs speed only; it is not tried at every start.
train_aot_caches() {
  local java_home=$1 dist=$2 work role
  work=$(mktemp -d)
  [ ! -t 2 ] || printf '\r\033[Kpreparing for fast starts, once …' >&2
  SHIPLOG_HOME="$work" SHIPLOG_AOT_OUTPUT="$work" SHIPLOG_NO_BUILD=1 "$SHIPLOG_LAUNCHER" train >"$work/train.log" 2>&1 9>&- || true
  # Those of earlier builds are of no more use.
  rm -rf "$AOT_FOLDER"
  mkdir -p "$AOT_FOLDER"
  for role in server client; do
    if [ -s "$work/$role.aot" ]; then
      mv "$work/$role.aot" "$AOT_FOLDER/shiplog-$role.aot"
    else
      cat "$work/train.log" "$work/train/server.log" >"$AOT_FOLDER/shiplog-$role.log" 2>/dev/null || true
    fi
  done
  [ ! -d "$work/native" ] || mv "$work/native" "$AOT_FOLDER/native"
  printf '%s\n' "$AOT_KEY" >"$AOT_FOLDER/trained-on"
  rm -rf "$work"
  [ ! -t 2 ] || printf '\r\033[K' >&2
}
