#!/bin/sh
# Runs after the deb package's files are in place. `maru` and `maru-cli` come onto the PATH; the service has a user of its own; the
# sandbox gets what this system needs for it. The service itself stays off: systemctl enable --now maru
set -e
program='/opt/${sanitizedProductName}'

ln -sf "$program/${executable}" '/usr/bin/${executable}'
ln -sf "$program/maru-cli" /usr/bin/maru-cli

if ! id maru >/dev/null 2>&1; then
  useradd --system --user-group --home-dir /var/lib/maru --no-create-home --shell /usr/sbin/nologin maru
fi

# where the kernel keeps user namespaces from ordinary programs, Chromium's sandbox needs its helper to be root's
if unshare --user true 2>/dev/null; then
  chmod 0755 "$program/chrome-sandbox" || true
else
  chmod 4755 "$program/chrome-sandbox" || true
fi

# Ubuntu 24.04 and later grant user namespaces by an AppArmor profile; a parser that does not know its syntax needs none
profile="$program/resources/apparmor-profile"
if command -v apparmor_parser >/dev/null 2>&1 && apparmor_parser --skip-kernel-load "$profile" >/dev/null 2>&1; then
  cp -f "$profile" '/etc/apparmor.d/${executable}'
  apparmor_parser --replace --write-cache '/etc/apparmor.d/${executable}' || true
fi

if command -v update-desktop-database >/dev/null 2>&1; then
  update-desktop-database /usr/share/applications || true
fi
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload || true
  # an upgrade: the service goes on with the new version; a first installation has none that runs
  systemctl try-restart maru || true
fi
exit 0
