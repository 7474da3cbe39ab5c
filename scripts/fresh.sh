# SPDX-License-Identifier: GPL-3.0-or-later
# Tries ./run and ./test on bare machines; sourced by test for ./test --fresh. Messages go to stderr.
#
# tryFresh FOLDER builds a bare root of each Debian release with python3 and nothing else, clones the last commit of
# FOLDER into it, and uses it there as its first user would. It needs root, about 6 GB under TMPDIR, and half an hour. Each
# root runs in namespaces of its own, so that its mounts and processes end with it.

releases_fresh='bookworm trixie'
# The release in which all tests run: the one with the oldest Python.
release_tests=bookworm
mirror_fresh=http://deb.debian.org/debian
# What a second ./run may add to the start of the application, in milliseconds.
max_overhead=1000

tryFresh() {
    checkout=$1
    [ "$(id -u)" = 0 ] || fail "./test --fresh builds root file systems: run it as root."
    [ "$(uname -s)" = Linux ] || fail "./test --fresh needs Linux."
    if ! command -v debootstrap >/dev/null; then
        command -v apt-get >/dev/null || fail "./test --fresh needs debootstrap: install it with your package manager."
        say "Installing debootstrap"
        apt-get update --quiet=2 >/dev/null
        DEBIAN_FRONTEND=noninteractive apt-get install --quiet=2 --yes --no-install-recommends debootstrap >/dev/null
    fi
    if [ -n "$(git -C "$checkout" status --porcelain)" ]; then
        say "The last commit is tried, without the changes that are not committed."
    fi
    fresh=$(mktemp --directory --tmpdir aqgui-fresh-XXXXXX)
    trap 'rm --recursive --force --one-file-system "$fresh"' EXIT
    trap 'exit 130' INT TERM HUP
    local release
    for release in $releases_fresh; do
        tryRelease "$release"
    done
    say "./run works on bare machines with Debian ($releases_fresh), and ./test with $release_tests."
}

tryRelease() {
    bare="$fresh/$1"
    step "building a bare Debian ($1)"
    debootstrap --variant=minbase --include=python3 "$1" "$bare" "$mirror_fresh" >"$fresh/log" 2>&1 || failStep
    copyNetwork
    git clone --quiet --no-hardlinks "$checkout" "$bare/home/user/aqgui"
    echo 'user:x:1000:1000::/home/user:/bin/bash' >>"$bare/etc/passwd"
    chroot "$bare" chown --recursive 1000:1000 /home/user
    # Before root has installed anything. With a display, all libraries are needed.
    tryAsUser

    step "./run without a display, as root ($(chroot "$bare" python3 -V))"
    inside ./run >"$fresh/log" 2>&1 || failStep
    [ -s "$bare/home/user/aqgui/aqgui-screenshot.png" ] || failStep "It wrote no picture of the window."
    step "./run again"
    inside ./run >"$fresh/log" 2>&1 || failStep
    ! grep --quiet Install "$fresh/log" || failStep "It installed something again."
    checkOverhead
    if [ "$1" = $release_tests ]; then
        step "./test"
        inside ./test >"$fresh/log" 2>&1 || failStep
        tail --lines=1 "$fresh/log" >&2
    fi
    rm --recursive --force --one-file-system "$bare"
}

tryAsUser() {
    step "./run without root rights"
    if inside setpriv --reuid=1000 --regid=1000 --clear-groups env HOME=/home/user DISPLAY=:0 ./run >"$fresh/log" 2>&1
    then
        failStep "It ended with status 0."
    fi
    local command
    command=$(tail --lines=1 "$fresh/log")
    case $command in
        'sudo apt-get update && sudo apt-get install '*) ;;
        *) failStep "Its last line is not the command that installs the system packages." ;;
    esac
    [ ! -e "$bare/home/user/aqgui/.venv" ] || failStep "It made a virtual environment although packages are missing."
    # That command is right: apt knows each of its packages.
    inside bash -c "apt-get update --quiet=2 && ${command#*&& sudo } --quiet=2 --simulate" >"$fresh/log" 2>&1 || failStep
}

# The set-up by itself: ./run and the application with the same arguments, the best of three each.
checkOverhead() {
    step "what ./run adds to the start"
    local added
    added=$(($(best ./run --version) - $(best .venv/bin/aqgui --version)))
    say "   $added ms"
    [ "$added" -lt "$max_overhead" ] || failStep "That is more than $max_overhead ms."
}

best() {
    local turn
    for turn in 1 2 3; do
        inside bash -c 'begin=$(date +%s%3N); "$@" >/dev/null && echo $(($(date +%s%3N) - begin))' bash "$@"
    done | sort --numeric-sort | head --lines=1
}

# A command in the clone, below a shell that is process 1 and reaps what it leaves, as root, with an environment of its own but for how the package index is reached.
inside() {
    unshare --mount --pid --ipc --uts --fork --kill-child bash -euc '
        mount -t proc proc "$1/proc"
        mount -t sysfs -o ro sysfs "$1/sys" || mount --rbind /sys "$1/sys"
        mount --rbind /dev "$1/dev"
        mount -t tmpfs tmpfs "$1/dev/shm"
        mount -t tmpfs tmpfs "$1/run"
        shift
        "$@"
        exit
    ' bash "$bare" chroot "$bare" env --ignore-environment "${network_environment[@]}" HOME=/root LANG=C.UTF-8 \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        bash -c 'cd /home/user/aqgui && exec "$@"' bash "$@" </dev/null
}

# Name servers, proxies and certificates are the network's, not the machine's.
copyNetwork() {
    local name value
    cp /etc/resolv.conf /etc/hosts "$bare/etc/"
    network_environment=()
    for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY PIP_INDEX_URL PIP_CERT SSL_CERT_FILE; do
        value=${!name:-}
        [ -n "$value" ] || continue
        case $name in
            PIP_CERT | SSL_CERT_FILE)
                # Not at its own path, where Debian's ca-certificates would overwrite it.
                cp --dereference "$value" "$bare/etc/$name.pem"
                value=/etc/$name.pem
                ;;
        esac
        network_environment+=("$name=$value")
    done
}

step() { say "== $*"; }

failStep() {
    cat "$fresh/log" >&2
    fail "It failed: ${1:-what it printed stands above.}"
}
