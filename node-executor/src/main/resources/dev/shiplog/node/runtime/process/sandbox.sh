#!/bin/sh
# Makes a pod's namespaces and holds them by mounts, so that no process need live for them.
# Usage: sandbox.sh DIRECTORY HOSTNAME own|host. In DIRECTORY: net, uts, ipc (files that namespaces
# are mounted on) and shm (the pod's /dev/shm).
set -e
cd "$1"
mkdir -p shm
mountpoint -q shm || mount -t tmpfs -o nosuid,nodev,noexec,mode=1777,size=65536k shm shm
touch uts ipc
if [ "$3" = own ]; then
    touch net
    set -- "$1" "$2" --net=net
else
    set -- "$1" "$2"
fi
exec unshare $3 --uts=uts --ipc=ipc sh -c 'echo "$1" >/proc/sys/kernel/hostname' sh "$2"
