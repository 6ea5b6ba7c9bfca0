#!/bin/sh
# Makes a pod's namespaces and holds them by mounts, so that no process need live for them.
# Usage: sandbox.sh DIRECTORY HOSTNAME [--net=net]. The directory holds the empty files net, uts and
# ipc, which the namespaces are mounted on, and the empty directory shm, the pod's /dev/shm.
set -e
cd "$1"
mount -t tmpfs -o nosuid,nodev,noexec,mode=1777,size=65536k shm shm
exec unshare $3 --uts=uts --ipc=ipc sh -c 'echo "$1" >/proc/sys/kernel/hostname' sh "$2"
