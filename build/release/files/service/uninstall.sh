#!/bin/sh
# Removes the service and every installed version. Data in /var/lib/maru and the user "maru" stay.
set -eu
if [ "$(id -u)" -ne 0 ]; then
  echo 'root 권한이 필요합니다: sudo service/uninstall.sh' >&2
  echo 'This needs root: sudo service/uninstall.sh' >&2
  exit 1
fi
systemctl disable --now maru || true
rm -f /etc/systemd/system/maru.service
systemctl daemon-reload
[ ! -L /usr/local/bin/maru ] || rm -f /usr/local/bin/maru
rm -rf /opt/maru
echo '마루를 제거했습니다. 데이터는 /var/lib/maru 에 그대로 있습니다.'
echo 'Maru is removed. Its data are still in /var/lib/maru.'
