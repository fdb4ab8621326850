#!/bin/sh
# Installs the real site generators that `pytest -m sites` builds exported posts with:
#   Jekyll  Debian's packages, with the pages of its home page (needs root and apt-get)
#   Hugo    the same
#   Hexo    from npm, in the versions of tests/sites/hexo/package-lock.json, into .tools/hexo
# What is there already is left alone. Says what it could not get, and exits 1 then.
set -u
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
site="$root/tests/sites/hexo"
tools="$root/.tools/hexo"
done_mark="$tools/installed-lock.json" # a copy of the lock, made when all of it is installed
missing=0

cannot() {
    echo "install-site-generators: cannot get $1" >&2
    missing=1
}

install_packages() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    apt-get update -qq &&
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}

install_hexo() {
    mkdir -p "$tools" &&
        cp "$site/package.json" "$site/package-lock.json" "$site/.npmrc" "$tools/" &&
        (cd "$tools" && npm ci --silent) &&
        cp "$site/package-lock.json" "$done_mark"
}

has_jekyll() { command -v jekyll >/dev/null && gem list -i '^jekyll-paginate$' >/dev/null; }

if has_jekyll; then
    echo "Jekyll is there: $(jekyll --version)"
elif install_packages jekyll ruby-jekyll-paginate >/dev/null && has_jekyll; then
    echo "Jekyll installed: $(jekyll --version)"
else
    cannot "Jekyll: run 'apt-get install jekyll ruby-jekyll-paginate' as root, or 'gem install jekyll jekyll-paginate'"
fi

if command -v hugo >/dev/null; then
    echo "Hugo is there: $(hugo version)"
elif install_packages hugo >/dev/null; then
    echo "Hugo installed: $(hugo version)"
else
    cannot "Hugo: run 'apt-get install hugo' as root, or see https://gohugo.io/installation/"
fi

if cmp -s "$site/package-lock.json" "$done_mark"; then
    echo "Hexo is there: $tools"
elif ! command -v npm >/dev/null && ! install_packages nodejs npm >/dev/null; then
    cannot "Hexo: it needs Node.js 20 or newer with npm"
elif install_hexo; then
    echo "Hexo installed: $tools"
else
    cannot "Hexo: 'npm ci' failed in $tools"
fi
exit $missing
