#!/bin/sh
# Runs a command in a container that runs already. Usage:
# enter.sh DIRECTORY INIT BEGUN FAILURE TERMINAL WORD...
# INIT is the container's first process, BEGUN when it began; FAILURE a file for the reason if the
# command cannot be run; TERMINAL a terminal's file, or empty; the words are those of enter.c.
directory=$1 init=$2 begun=$3 failure=$4 terminal=$5
shift 5
. "$directory/settings"
for group in $CGROUPS; do
    echo 0 >"$group/cgroup.procs" || exit 126
done
if [ -n "$terminal" ]; then
    [ -z "$OUTPUT_OWNER" ] || chown "$OUTPUT_OWNER" "$terminal"
    # Of the session that this shell leads, so it becomes the session's terminal.
    exec 0<>"$terminal" 1>&0 2>&0
fi
exec 9<"$SCRIPTS/enter" 8>"$failure"
# The kernel gives numbers again: looked at last, and nsenter takes hold of the process at once.
read -r stat 2>/dev/null <"/proc/$init/stat" || exit 137
rest=${stat##*) }
number() { echo "${20}"; }
[ "$(number $rest)" = "$begun" ] || exit 137
exec nsenter --target "$init" --mount --uts --ipc --net --pid --root -- /proc/self/fd/9 "$@"
