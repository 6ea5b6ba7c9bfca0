#!/bin/sh
# Does by copying what overlayfs does by mounting. Usage: copy-layers.sh LAYERS ROOT UPPER NAME...
# with the lowest layer's name first. A character device 0/0 in a layer deletes what is below.
layers=$1 root=$2 upper=$3
shift 3
for name; do
    set -e
    cd "$layers/$name"
    find . -type c -exec sh -c '
        root=$1
        shift
        for path; do
            [ "$(stat -c %t:%T "$path")" != 0:0 ] || rm -rf "$root/$path"
        done' sh "$root" {} +
    cp -a . "$root/"
    find . -type c -exec sh -c '
        root=$1
        shift
        for path; do
            [ "$(stat -c %t:%T "$path")" != 0:0 ] || rm -f "$root/$path"
        done' sh "$root" {} +
done
cd "$upper"
cp -a . "$root/"
