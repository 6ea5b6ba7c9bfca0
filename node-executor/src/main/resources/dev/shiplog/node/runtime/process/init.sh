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
# One process for all: the devices, and the links to them that the node keeps ready.
cp -a /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty "$SCRIPTS/dev/." dev/ || exit 128
# Over "/" itself: from inside there is no way up to what it covers.
mount --move . / || exit 128
echo "$pid $begun" >"$STARTED"
. "$DIRECTORY/command"
