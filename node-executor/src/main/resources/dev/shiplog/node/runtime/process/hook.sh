#!/bin/sh
# Called by an OCI runtime: "create" when the process is there but has not begun, "start" when it
# has. Usage: hook.sh DIRECTORY create|start; the container's state is on standard input.
cd "$1" || exit 1
. ./settings
if [ "$2" = start ]; then
    read -r init <init
    # The runtime says "started" a moment before its process has become the container's command;
    # a signal in between would end the runtime's code, not reach the command's.
    looks=0
    while [ $looks -lt 200 ] && read -r name 2>/dev/null <"/proc/${init%% *}/comm"; do
        case $name in
        runc*|crun*) [ $looks -lt 20 ] || sleep 0.01 ;;
        *) break ;;
        esac
        looks=$((looks + 1))
    done
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
