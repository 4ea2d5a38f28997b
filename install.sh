#!/bin/sh
# Builds spec-log from this checkout and installs it for one user.
set -eu

usage() {
    cat <<'EOF'
usage: ./install.sh [--prefix DIR] [--uninstall] [--help]

Builds spec-log from this checkout with cargo and installs
  DIR/bin                      git-spec-log and one program per git hook
  DIR/share/man/man1           manual pages (git help spec-log)
  DIR/share/bash-completion, zsh/site-functions, fish/vendor_completions.d

  --prefix DIR   where to install (default: $HOME/.local); no root is needed
  --uninstall    remove what an earlier run installed there, and nothing else
  --help         show this

CARGO_TARGET_DIR, CARGO_BUILD_TARGET and RUSTFLAGS are respected. In a repository, git spec-log init puts the
hooks in and git spec-log init --uninstall takes them out.
EOF
}

fatal() {
    printf 'fatal: %s\n' "$1" >&2
    if [ $# -gt 1 ]; then printf 'hint: %s\n' "$2" >&2; fi
    exit 128
}

wrong_usage() {
    printf 'error: %s\n' "$1" >&2
    usage >&2
    exit 2
}

prefix=
uninstall=
while [ $# -gt 0 ]; do
    case $1 in
        --prefix)
            [ $# -ge 2 ] || wrong_usage '--prefix needs a directory'
            prefix=$2
            shift
            ;;
        --prefix=*) prefix=${1#--prefix=} ;;
        --uninstall) uninstall=yes ;;
        -h | --help)
            usage
            exit 0
            ;;
        *) wrong_usage "unknown option: $1" ;;
    esac
    shift
done
if [ -z "$prefix" ]; then
    [ -n "${HOME:-}" ] || fatal 'HOME is not set' 'name a place: ./install.sh --prefix DIR'
    prefix=$HOME/.local
fi
case $prefix in
    /*) ;;
    *) prefix=$PWD/$prefix ;;
esac
manifest=$prefix/share/spec-log/manifest

# Removes the files of the manifest $1 that the manifest $2 does not name.
# Lines are relative to the prefix, so a prefix that moved is no danger.
remove_listed() {
    while IFS= read -r file; do
        case $file in
            '' | /* | *..*) continue ;;
        esac
        if grep -qxF -- "$file" "$2"; then continue; fi
        rm -f -- "$prefix/$file"
    done <"$1"
}

if [ -n "$uninstall" ]; then
    [ -f "$manifest" ] || fatal "nothing is installed in $prefix: no $manifest"
    remove_listed "$manifest" /dev/null
    rm -f -- "$manifest"
    rmdir -- "$prefix/share/spec-log" 2>/dev/null || :
    printf 'spec-log is removed from %s\n' "$prefix"
    printf 'Hooks that are left in repositories lead nowhere, and git skips them.\n'
    exit 0
fi

cd -- "$(dirname -- "$0")"
[ -f Cargo.toml ] && [ -d hooks ] || fatal 'install.sh must stand in a checkout of spec-log'
command -v cargo >/dev/null 2>&1 ||
    fatal 'cargo is not in PATH' 'install Rust first: https://www.rust-lang.org/tools/install'
mkdir -p -- "$prefix/bin" 2>/dev/null && [ -w "$prefix/bin" ] ||
    fatal "cannot write to $prefix/bin" 'name another place: ./install.sh --prefix DIR'

new=$(mktemp)
staged=$(mktemp -d)
trap 'rm -rf -- "$new" "$staged"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

host=$(rustc -vV | sed -n 's/^host: //p')
# A program that needs no other file and no address of its own corrected starts
# in half the time; its stack and its heap still lie where chance puts them.
static='-C target-feature=+crt-static -C relocation-model=static'

# Whether glibc is here as an archive: a program is linked with it and started.
# Nothing in spec-log looks up a host or a user, for which a static glibc would
# still load its other parts.
links_statically() {
    case $host in *-linux-gnu) ;; *) return 1 ;; esac
    echo 'fn main() {}' >"$staged/empty.rs"
    # The flags are words.
    # shellcheck disable=SC2086
    rustc $static --target "$host" -o "$staged/empty" "$staged/empty.rs" 2>/dev/null &&
        "$staged/empty"
}

# Whether the target for musl is installed, and the C compiler for it: libgit2
# is C.
has_musl() {
    [ "$(uname -s)" = Linux ] && command -v musl-gcc >/dev/null 2>&1 || return 1
    libraries=$(rustc --print target-libdir --target "$musl" 2>/dev/null) && [ -d "$libraries" ]
}

# A static build starts fastest, which every commit feels: with musl, else with
# glibc, else it is one like any other. What the user has set goes first.
musl=$(uname -m)-unknown-linux-musl
target=${CARGO_BUILD_TARGET:-}
if [ -z "$target" ] && [ -z "${RUSTFLAGS:-}" ]; then
    if has_musl; then
        target=$musl
    elif links_statically; then
        target=$host
    fi
    if [ -n "$target" ]; then export RUSTFLAGS="$static"; fi
fi

built=${CARGO_TARGET_DIR:-target}
if [ -n "$target" ]; then
    printf 'Building for %s%s\n' "$target" "${RUSTFLAGS:+ with $RUSTFLAGS}"
    # Without --target the flags would be those of build scripts too.
    cargo build --release --locked --bins --target "$target"
    built=$built/$target/release
else
    cargo build --release --locked --bins
    built=$built/release
fi
[ -x "$built/git-spec-log" ] ||
    fatal "the build left no $built/git-spec-log" 'is build.target-dir set in a cargo config file?'

# Puts the file $1 in the place $2 below the prefix, with mode $3: written
# beside it and renamed, so that a hook which runs now sees the old or the new.
place() {
    mkdir -p -- "$(dirname -- "$prefix/$2")"
    cp -- "$1" "$prefix/$2.new"
    chmod "$3" "$prefix/$2.new"
    mv -f -- "$prefix/$2.new" "$prefix/$2"
    printf '%s\n' "$2" >>"$new"
}

place "$built/git-spec-log" bin/git-spec-log 755
# Read-only: a tool that overwrites a hook through our link must not overwrite
# the program behind it.
for hook in hooks/*.rs; do
    program=spec-log-$(basename -- "$hook" .rs)
    place "$built/$program" "bin/$program" 555
done

program=$built/git-spec-log
"$program" man >"$staged/page"
place "$staged/page" share/man/man1/git-spec-log.1 644
for command in $("$program" man --list); do
    "$program" man "$command" >"$staged/page"
    place "$staged/page" "share/man/man1/git-spec-log-$command.1" 644
done
for completion in bash:bash-completion/completions/git-spec-log \
    zsh:zsh/site-functions/_git-spec-log fish:fish/vendor_completions.d/git-spec-log.fish; do
    "$program" completions "${completion%%:*}" >"$staged/script"
    place "$staged/script" "share/${completion#*:}" 644
done

mkdir -p -- "$prefix/share/spec-log"
if [ -f "$manifest" ]; then remove_listed "$manifest" "$new"; fi
cp -- "$new" "$manifest"

printf 'spec-log is installed in %s\n' "$prefix"
case :${PATH:-}: in
    *:"$prefix/bin":*) printf 'Next, in a repository: git spec-log init\n' ;;
    *)
        printf 'hint: %s is not in PATH; add this to your shell profile:\n' "$prefix/bin"
        printf '  export PATH="%s:$PATH"\n' "$prefix/bin"
        ;;
esac
