#!/bin/sh
# Runs before the deb package's files are removed, and before they are replaced, which must not stop the service for good.
set -e
if [ "${1:-remove}" = remove ] && [ -d /run/systemd/system ]; then
  systemctl disable --now maru >/dev/null 2>&1 || true
fi
exit 0
