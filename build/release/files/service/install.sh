#!/bin/sh
# Installs this version as a systemd service, or brings an installed one to this version. Earlier versions stay in /opt/maru, so
# that one can go back: run the service/install.sh of that version again. Data lie in /var/lib/maru and are not touched.
# With DESTDIR set only files are written, below that folder: for packagers, and to look at what would be done.
set -eu
# the service runs as another user than the one who installs it
umask 022
version=@VERSION@
here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
destination=${DESTDIR:-}
programs=$destination/opt/maru

if [ -z "$destination" ] && [ "$(id -u)" -ne 0 ]; then
  echo 'root 권한이 필요합니다: sudo service/install.sh' >&2
  echo 'This needs root: sudo service/install.sh' >&2
  exit 1
fi

if [ -z "$destination" ] && ! id maru >/dev/null 2>&1; then
  shell=/usr/sbin/nologin
  [ -x "$shell" ] || shell=/sbin/nologin
  useradd --system --user-group --home-dir /var/lib/maru --no-create-home --shell "$shell" maru
fi

mkdir -p "$programs"
if [ "$here" != "$programs/$version" ]; then
  # beside it, then renamed: an interrupted copy is never taken for a version
  rm -rf "$programs/$version.new"
  cp -R "$here" "$programs/$version.new"
  [ -n "$destination" ] || chown -R root:root "$programs/$version.new"
  rm -rf "$programs/$version.old"
  [ ! -d "$programs/$version" ] || mv "$programs/$version" "$programs/$version.old"
  mv "$programs/$version.new" "$programs/$version"
  rm -rf "$programs/$version.old"
fi
ln -sfn "$version" "$programs/current"

mkdir -p "$destination/etc/systemd/system"
cp "$programs/$version/service/maru.service" "$destination/etc/systemd/system/maru.service"
mkdir -p "$destination/usr/local/bin"
ln -sfn /opt/maru/current/maru "$destination/usr/local/bin/maru"

if [ -z "$destination" ]; then
  systemctl daemon-reload
  systemctl enable --quiet maru
  systemctl restart maru
  echo '마루를 설치하고 시작했습니다. 주소와 설정 코드: journalctl -u maru'
  echo 'Maru is installed and running. Its address and set-up code: journalctl -u maru'
fi
