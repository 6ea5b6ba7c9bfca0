# Finds a JDK. Sourced, not run.
# Each program and each subshell takes milliseconds of every command: here functions set variables, and call no program that they need not.

# The oldest JDK that Shiplog runs on.
SHIPLOG_JDK=25

# Sets JDK_VERSION to the feature version of the JDK in a folder, from its release file: no JVM is started to ask.
jdk_version() {
  local line
  JDK_VERSION=''
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
  while read -r line; do
    case "$line" in
      JAVA_VERSION=*)
        line=${line#JAVA_VERSION=\"}
        JDK_VERSION=${line%%[.\"+-]*}
        return 0
        ;;
    esac
  done <"$1/release"
  return 1
}

# Sets ON_PATH to the home of the java that the PATH leads to, if there is one.
java_on_path() {
  local folder java
  local IFS=:
  ON_PATH=''
  for folder in $PATH; do
    java=${folder:-.}/java
    if [ -f "$java" ] && [ -x "$java" ]; then
      # Usually a link to where it really is.
      [ ! -L "$java" ] || java=$(readlink -f "$java")
      ON_PATH=${java%/*}/..
      case "$java" in */*/*) ON_PATH=${java%/*/*} ;; esac
      return 0
    fi
  done
}

# Sets JDK_HOME to the home of the first JDK that is new enough: JAVA_HOME, PATH, the usual folders.
# With a file name as argument, only one that has this file, such as bin/javac.
choose_jdk() {
  local need=${1:-bin/java} home
  java_on_path
  for home in "${JAVA_HOME:-}" "$ON_PATH" \
    /usr/lib/jvm/* /usr/java/* /opt/*jdk* /opt/java/* \
    "${HOME:-/root}"/.sdkman/candidates/java/* "${HOME:-/root}"/.jdks/* \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -n "$home" ] && [ -x "$home/$need" ] || continue
    jdk_version "$home" || continue
    if [ "$JDK_VERSION" -ge "$SHIPLOG_JDK" ] 2>/dev/null; then
      JDK_HOME=$home
      return 0
    fi
  done
  echo "Shiplog needs a JDK $SHIPLOG_JDK or newer: get one (apt-get install openjdk-$SHIPLOG_JDK-jdk, brew install openjdk, sdk install java, or adoptium.net) or set JAVA_HOME." >&2
  return 1
}

# Prints what choose_jdk finds.
find_jdk() {
  choose_jdk "$@" && printf '%s\n' "$JDK_HOME"
}
