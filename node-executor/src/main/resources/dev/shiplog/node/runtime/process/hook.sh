#!/bin/sh
# Called by an OCI runtime: "create" when the process is there, "start" when it is about to become
# the container's command. Usage: hook.sh DIRECTORY create|start; the container's state is on standard input.
cd "$1" || exit 1
. ./settings
if [ "$2" = start ]; then
    read -r init <init
    echo "$init" >"$STARTED"
    exit 0
fi
state=$(cat)
pid=${state#*\"pid\":}
pid=${pid# }
pid=${pid%%[!0-9]*}
for group in $CGROUPS; do
    echo "$pid" >"$group/cgroup.procs" || exit 1
done
read -r stat <"/proc/$pid/stat"
rest=${stat##*) }
set -- $rest
shift 19
echo "$pid $1" >init
