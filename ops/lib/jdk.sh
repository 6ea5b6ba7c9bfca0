# Finds a JDK. Sourced, not run.

# The oldest JDK that Shiplog runs on.
SHIPLOG_JDK=25

# Prints the feature version of the JDK in a folder, from its release file: no JVM is started to ask.
jdk_version() {
  local line
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
  while read -r line; do
    case "$line" in
      JAVA_VERSION=*)
        line=${line#JAVA_VERSION=\"}
        printf '%s\n' "${line%%[.\"+-]*}"
        return 0
        ;;
    esac
  done <"$1/release"
  return 1
}

# Prints the home of the first JDK that is new enough: JAVA_HOME, PATH, the usual folders.
# With a file name as argument, only one that has this file, such as bin/javac.
find_jdk() {
  local need=${1:-bin/java} home on_path version
  on_path=$(command -v java || true)
  [ -z "$on_path" ] || on_path=$(dirname "$(dirname "$(readlink -f "$on_path")")")
  for home in "${JAVA_HOME:-}" "$on_path" \
    /usr/lib/jvm/* /usr/java/* /opt/*jdk* /opt/java/* \
    "${HOME:-/root}"/.sdkman/candidates/java/* "${HOME:-/root}"/.jdks/* \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -n "$home" ] && [ -x "$home/$need" ] || continue
    version=$(jdk_version "$home") || continue
    if [ "$version" -ge "$SHIPLOG_JDK" ] 2>/dev/null; then
      printf '%s\n' "$home"
      return 0
    fi
  done
  echo "Shiplog needs a JDK $SHIPLOG_JDK or newer: get one (apt-get install openjdk-$SHIPLOG_JDK-jdk, brew install openjdk, sdk install java, or adoptium.net) or set JAVA_HOME." >&2
  return 1
}
