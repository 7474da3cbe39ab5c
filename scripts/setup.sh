# SPDX-License-Identifier: GPL-3.0-or-later
# Sets up what the application and its tests need; sourced by run and test. Messages go to stderr.
#
# setUp FOLDER EXTRA makes FOLDER/.venv with the packages of that extra of pyproject.toml: gui or test. When nothing
# changed since the last time, that costs some milliseconds: a look at the loader's cache and at the stamp.

# The system libraries that the Python packages need, and the Debian packages that have them. A test derives both lists
# from the packages' own files (tests/scripts/test_system_libraries.py). To import the application and draw offscreen,
libraries_offscreen='
libGL.so.1              libgl1
libglib-2.0.so.0        libglib2.0-0
libgthread-2.0.so.0     libglib2.0-0
libfontconfig.so.1      libfontconfig1
libdbus-1.so.3          libdbus-1-3
'
# and to show windows besides.
libraries_window='
libxkbcommon-x11.so.0   libxkbcommon-x11-0
libxcb-icccm.so.4       libxcb-icccm4
libxcb-image.so.0       libxcb-image0
libxcb-keysyms.so.1     libxcb-keysyms1
libxcb-randr.so.0       libxcb-randr0
libxcb-render-util.so.0 libxcb-render-util0
libxcb-shape.so.0       libxcb-shape0
libxcb-xinerama.so.0    libxcb-xinerama0
'
font_package=fonts-dejavu-core

# The programs that the tests need, and their packages: a virtual screen, a window manager, a pointer.
programs_test='
Xvfb       xvfb
xauth      xauth
xdotool    xdotool
openbox    openbox
'

# The system's own comes first, for Debian's packages go with it.
pythons='python3 python3.14 python3.13 python3.12 python3.11'

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

setUp() {
    root=$1
    extra=$2
    # The system's Python is needed to make the virtual environment only.
    python=
    if [ ! -x "$root/.venv/bin/python" ]; then
        python=$(findPython)
    fi
    if [ "$(uname -s)" = Linux ]; then
        ensureSystemPackages
    fi
    if ! isInstalled; then
        install
    fi
}

# --- the virtual environment

isInstalled() {
    local now
    now=$(stamp)
    [ -n "$now" ] && [ "$now" = "$(cat "$(stampFile "$extra")" 2>/dev/null)" ]
}

stampFile() { printf '%s' "$root/.venv/installed-$1"; }

# What the installed packages depend on: the requirements, the interpreter, and the place, which is written into .venv.
stamp() {
    local version
    if version=$("$root/.venv/bin/python" -V 2>/dev/null); then
        printf '%s %s %s' "$(cat "$root/pyproject.toml" "$root/setup.py" | cksum)" "$version" "$root"
    fi
}

install() {
    rm -f "$(stampFile gui)" "$(stampFile test)"
    if ! "$root/.venv/bin/python" -m pip --version >/dev/null 2>&1; then
        say "Making the virtual environment $root/.venv ..."
        "${python:-$(findPython)}" -m venv --clear "$root/.venv" >&2
    fi
    say "Installing Python packages into $root/.venv, which takes a minute or two ..."
    "$root/.venv/bin/python" -m pip install --quiet --disable-pip-version-check --editable "$root[$extra]" >&2 ||
        fail "The Python packages could not be installed; pip's message stands above."
    # Last, so that an interrupted set-up is done again. What the tests need includes what the application needs.
    stamp >"$(stampFile "$extra")"
    if [ "$extra" = test ]; then
        stamp >"$(stampFile gui)"
    fi
}

findPython() {
    local candidate
    for candidate in $pythons; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s' "$candidate"
            return
        fi
    done
    fail "Python 3.11 or newer is needed; this machine has $(python3 -V 2>/dev/null || printf 'no Python 3')."
}

# --- what belongs to the system

ensureSystemPackages() {
    local missing
    missing=$(missingPackages)
    if [ -z "$missing" ]; then
        return
    fi
    if ! command -v apt-get >/dev/null; then
        fail "Missing on this system, by their names in Debian: $missing. Install them with your package manager."
    fi
    if [ "$(id -u)" != 0 ]; then
        say "Some system packages are missing. This command installs them:"
        fail "sudo apt-get update && sudo apt-get install --yes --no-install-recommends $missing"
    fi
    say "Installing system packages: $missing"
    apt-get update --quiet=2 >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get install --quiet=2 --yes --no-install-recommends $missing >/dev/null
    missing=$(missingPackages)
    if [ -n "$missing" ]; then
        fail "Still missing after they were installed: $missing"
    fi
}

# The Debian packages to install, in one line.
missingPackages() {
    {
        if [ -n "$python" ]; then
            missingVenv
        fi
        missingLibraries "$libraries_offscreen"
        if [ "$extra" = test ] || hasDisplay; then
            missingLibraries "$libraries_window"
        fi
        if ! hasFont; then
            echo $font_package
        fi
        if [ "$extra" = test ]; then
            missingPrograms "$programs_test"
        fi
    } | sort -u | paste -sd ' ' -
}

hasDisplay() { [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; }

# Debian keeps ensurepip, which makes virtual environments, in a package of its own for each version of Python.
missingVenv() {
    "$python" -c 'import ensurepip' 2>/dev/null ||
        "$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
}

missingLibraries() {
    local known library package
    known=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p)
    printf '%s' "$1" | while read -r library package; do
        case "$known" in
            *"$library "* | '') ;;
            *) [ -z "$library" ] || renamed "$package" ;;
        esac
    done
}

# Newer releases of Debian and Ubuntu have a t64 behind the names of some libraries.
renamed() {
    if [ "$1" = libglib2.0-0 ] && apt-cache show libglib2.0-0t64 >/dev/null 2>&1; then
        echo libglib2.0-0t64
    else
        echo "$1"
    fi
}

missingPrograms() {
    local program package
    printf '%s' "$1" | while read -r program package; do
        [ -z "$program" ] || command -v "$program" >/dev/null || echo "$package"
    done
}

hasFont() {
    [ -n "$(find /usr/share/fonts /usr/local/share/fonts "$HOME/.fonts" "$HOME/.local/share/fonts" \
        \( -name '*.ttf' -o -name '*.otf' -o -name '*.pfb' \) -print -quit 2>/dev/null)" ]
}
