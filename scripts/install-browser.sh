#!/bin/sh
# Installs what `pytest -m browser` looks at the built sites with, from Debian's packages:
#   chromium, chromium-driver   the browser and what selenium steers it with
#   fonts-wqy-zenhei            one font with Chinese, where the machine has none
# What is there already is left alone. Says what it could not get, and exits 1 then.
set -u
missing=0

install_packages() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    apt-get update -qq &&
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}

has_browser() { command -v chromium >/dev/null && command -v chromedriver >/dev/null; }

has_chinese() { command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh)" ]; }

if has_browser; then
    echo "Chromium is there: $(chromium --version 2>/dev/null)"
elif install_packages chromium chromium-driver >/dev/null && has_browser; then
    echo "Chromium installed: $(chromium --version 2>/dev/null)"
else
    echo "install-browser: cannot get Chromium: run 'apt-get install chromium chromium-driver' as root" >&2
    missing=1
fi

if has_chinese || install_packages fontconfig fonts-wqy-zenhei >/dev/null; then
    echo "Chinese is shown with: $(fc-list :lang=zh family | head -n 1)"
else
    echo "install-browser: no font with Chinese: run 'apt-get install fonts-wqy-zenhei' as root" >&2
    missing=1
fi
exit $missing
