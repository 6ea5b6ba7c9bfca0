#!/bin/sh
# Process 1 of a container where no OCI runtime is used: gives it its mounts, makes its files the
# root of its mount namespace, and becomes its command. Runs in the container's directory.
. ./settings

# /proc is still the machine's, so these are the machine's numbers.
read -r stat </proc/self/stat
pid=${stat%% *}
rest=${stat##*) }
set -- $rest
shift 19
begun=$1

for group in $CGROUPS; do
    echo 0 >"$group/cgroup.procs" || { echo "could not enter cgroup $group" >>failure; exit 128; }
done
mount -a -T ./fstab 2>>failure || exit 128
cd "$ROOT" || exit 128

# Shows the container a file or directory of the machine. Usage: volume SOURCE TARGET ro|rw PROPAGATION d|f
# What is mounted on is held open and looked at first: the path to it may lead through files that
# another container writes at this moment, and a link there would lead out of this container.
volume() {
    stage="$DIRECTORY/stage" target="$ROOT$2"
    case $2 in
    /dev/*) if [ "$5" = d ]; then mkdir -p "$target"; else mkdir -p "${target%/*}" && : >>"$target"; fi ;;
    esac
    if [ "$5" = d ]; then mkdir -p "$stage" && [ -d "$target" ]; else : >>"$stage" && [ -f "$target" ]; fi || {
        echo "expected a place to mount $1 on, found none at $2" >>failure
        return 1
    }
    mount --rbind "$1" "$stage" && mount --make-"$4" "$stage" || return 1
    [ "$3" = rw ] || mount -o remount,bind,ro "$stage" || return 1
    exec 9<"$target"
    found=$(readlink /proc/self/fd/9)
    [ "$found" = "$target" ] || {
        echo "expected no link in the way of the mount at $2, found that it leads to $found" >>failure
        return 1
    }
    mount --no-canonicalize --move "$stage" /proc/self/fd/9 || return 1
    exec 9<&-
    if [ "$5" = d ]; then rmdir "$stage"; else rm "$stage"; fi
}
(cd "$DIRECTORY" && . ./volumes) 2>>"$DIRECTORY/failure" || exit 128
# One process for all: the devices, and the links to them that the node keeps ready.
cp -a /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty "$SCRIPTS/dev/." dev/ || exit 128
# Over "/" itself: from inside there is no way up to what it covers.
mount --move . / || exit 128
echo "$pid $begun" >"$STARTED"
. "$DIRECTORY/command"
