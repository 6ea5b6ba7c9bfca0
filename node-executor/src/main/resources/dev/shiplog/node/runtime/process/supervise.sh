#!/bin/sh
# Keeps one container: mounts its files, runs it, collects its output, and records its end.
# It outlives the node program. Usage: supervise.sh DIRECTORY
# `settings` in the directory, written by the node, holds every variable in capitals.
cd "$1" || exit 1
umask 022
holder=
. ./settings
# Handlers, not "ignore": what is ignored would stay ignored in the container.
trap : HUP INT TERM PIPE

ended() { # CODE OOM_KILLS
    # The line end comes last: a reader takes a file without one as not yet there.
    printf '%s %s\n' "$1" "$2" >"$EXITED"
    exit 0
}
failed() {
    printf '%s\n' "$1" >>failure
    ended 128 0
}

read -r stat </proc/self/stat
rest=${stat##*) }
set -- $rest
shift 19
echo "$$ $1" >supervisor

for group in $KEEPER_CGROUPS; do
    echo 0 >"$group/cgroup.procs"
done 2>/dev/null

mount --bind "$SHM" shm 2>failure || failed "the pod's sandbox is gone: $(cat failure)"
# A copy of another pod's namespace mounts would keep that pod's network alive.
umount -l "$NAMESPACES" 2>/dev/null

if [ -n "$OVERLAY" ]; then
    (cd "$LAYERS" && exec mount -t overlay overlay -o "$OVERLAY" "$ROOT") 2>failure ||
        failed "could not mount the container's files: $(cat failure)"
else
    sh "$SCRIPTS/copy-layers.sh" "$LAYERS" "$ROOT" "$PWD/upper" $LAYER_NAMES 2>failure ||
        failed "could not copy the container's files: $(cat failure)"
fi

mkfifo -m 600 output
# The only process between a container and its log: what is written is in the file at once, and
# "> /dev/stderr" in the container cannot truncate it.
cat <output >>"$LOG" &
reader=$!
exec 3>output
[ -z "$OUTPUT_OWNER" ] || chown "$OUTPUT_OWNER" output
rm output
if [ "$STDIN" = yes ]; then
    mkfifo -m 600 input
    exec 4<>input
    if [ "$STDIN_ONCE" = yes ]; then
        # Ends for the container once nobody has it open to write: at first one who only sleeps,
        # until the node ends it, when the first client has left.
        exec 5<input 6>input
        sleep 2147483647 3>&- 4>&- 5<&- >/dev/null 2>&1 &
        holder=$!
        echo "$holder" >holder
        exec 4<&5 5<&- 6>&-
    fi
else
    exec 4</dev/null
fi

if [ "$TTY" = yes ]; then
    SHELL=/bin/sh TERM=xterm script -q -e -f -c 'exec sh ./launch' /dev/null <&4 >&3 2>&3 3>&- 4>&-
else
    sh ./launch <&4 >&3 2>&3 3>&- 4>&-
fi
code=$?
exec 3>&- 4>&-
[ -z "$holder" ] || kill "$holder" 2>/dev/null
# What waited for the container may have been killed in its place; then it would live on unseen.
if [ -s "$STARTED" ] && read -r pid begun <"$STARTED" && read -r stat 2>/dev/null <"/proc/$pid/stat"; then
    rest=${stat##*) }
    set -- $rest
    shift 19
    [ "$1" != "$begun" ] || kill -9 "$pid"
fi
# In a process namespace of its own, all others died with the first. In a shared one they live on.
if [ "$SHARES_PROCESSES" = yes ]; then
    for round in 1 2 3 4 5; do
        left=
        for group in $CGROUPS; do
            while read -r pid; do
                kill -9 "$pid" 2>/dev/null
                left=yes
            done <"$group/cgroup.procs"
        done 2>/dev/null
        [ -n "$left" ] || break
    done
fi
wait "$reader"

oom=0
if [ -r "$OOM_EVENTS" ]; then
    while read -r key value; do
        [ "$key" = oom_kill ] && oom=$value
    done <"$OOM_EVENTS"
fi
[ -e "$STARTED" ] || [ ! -s runtime.log ] || cat runtime.log >>failure
[ -z "$RUNTIME_DELETE" ] || sh ./delete >/dev/null 2>&1
ended "$code" "$oom"
