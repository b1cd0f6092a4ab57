#!/bin/sh
# Runs after the deb package's files are removed. Data and the service's user stay, also with "purge": a messenger's history is
# nobody's to delete by a package manager.
set -e
case "${1:-remove}" in
  upgrade | failed-upgrade | abort-*) exit 0 ;;
esac
rm -f '/usr/bin/${executable}' /usr/bin/maru-cli
if [ -f '/etc/apparmor.d/${executable}' ]; then
  if command -v apparmor_parser >/dev/null 2>&1; then
    apparmor_parser --remove '/etc/apparmor.d/${executable}' >/dev/null 2>&1 || true
  fi
  rm -f '/etc/apparmor.d/${executable}'
fi
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload || true
fi
exit 0
