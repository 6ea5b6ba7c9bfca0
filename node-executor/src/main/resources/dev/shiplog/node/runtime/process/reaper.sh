#!/bin/sh
# Begins the process namespace that the containers of a pod share, and with it the process that it
# lives and dies with. Usage: unshare --pid sh reaper.sh FILE PROGRAM [CGROUP...]. This shell stays
# outside; its first child is process 1 inside.
file=$1 program=$2
shift 2
cd / || exit 1
"$program" </dev/null >/dev/null 2>&1 &
pid=$!
for group; do
    echo "$pid" >"$group/cgroup.procs"
done 2>/dev/null
read -r stat <"/proc/$pid/stat" || exit 1
rest=${stat##*) }
set -- $rest
shift 19
echo "$pid $1" >"$file"
