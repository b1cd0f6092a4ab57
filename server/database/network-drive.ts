/**
 * Is a folder on another machine's disk, or in a virtual machine's shared folder? The log's shared memory and locks do
 * not work there, and a database breaks without a word.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, realpathSync, statfsSync } from 'node:fs';

/** `statfs` types on Linux, from statfs(2) and the kernel's magic.h. */
const networkTypes = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0x5346414f, 'AFS'],
  [0x6b414653, 'AFS'],
  [0x73757245, 'Coda'],
  [0x564c, 'NCP'],
  [0x01021997, '9P'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre'],
  [0x786f4256, 'VirtualBox shared folder'],
]);

const fuseType = 0x65735546;

/** File systems in user space that are a network's; `fuseblk` (NTFS on a local disk) and the like are not. */
const networkFuse =
  /^fuse\.(sshfs|rclone|s3fs|gcsfuse|glusterfs|davfs2?|gvfsd-fuse|curlftpfs|vmhgfs-fuse|juicefs|smbnetfs)$/;

/** File systems of another machine in the table that `mount` prints on macOS. */
const networkMac = /^(smbfs|nfs|afpfs|webdav|ftp|macfuse|osxfuse)$/;

/** The kind of file system of the innermost mount that holds `path`. `mounts`: pairs of mount point and type. */
export function innermostType(
  path: string,
  mounts: readonly (readonly [string, string])[],
): string | undefined {
  const holds = ([point]: readonly [string, string]): boolean =>
    path === point || path.startsWith(point.endsWith('/') ? point : `${point}/`);
  // Of two mounts on one point the later one covers the earlier.
  return mounts
    .filter(holds)
    .toSorted(([one], [other]) => one.length - other.length)
    .at(-1)?.[1];
}

/** `/proc/self/mountinfo`: mount points (blanks are octal) and types. */
export const parseMountinfo = (text: string): (readonly [string, string])[] =>
  text.split('\n').flatMap((line) => {
    const [before, after] = line.split(' - ');
    const point = before?.split(' ')[4];
    const type = after?.split(' ')[0];
    if (point === undefined || type === undefined) return [];
    return [
      [
        point.replaceAll(/\\(\d{3})/g, (_, octal: string) => String.fromCodePoint(Number.parseInt(octal, 8))),
        type,
      ],
    ];
  });

/** macOS: `//user@server/share on /Volumes/share (smbfs, nodev, …)`. */
export const parseMacMounts = (text: string): (readonly [string, string])[] =>
  text.split('\n').flatMap((line) => {
    const match = / on (\/.*) \((\w+)[,)]/.exec(line);
    return match?.[1] === undefined || match[2] === undefined ? [] : [[match[1], match[2]]];
  });

/** `\\server\share` and `//server/share`; `\\?\C:\…` and `\\.\…` are this machine. */
export const isUncPath = (path: string): boolean =>
  /^[\\/]{2}(?![?.][\\/])[^\\/]/.test(path) || /^\\\\\?\\UNC\\/i.test(path);

function networkTypeOnLinux(path: string): string | undefined {
  const { type } = statfsSync(path);
  // The kernel's type is 32 bits; some ways lead here with its sign extended.
  const known = networkTypes.get(type >>> 0);
  if (known !== undefined || type >>> 0 !== fuseType) return known;
  const fuse = innermostType(path, parseMountinfo(readFileSync('/proc/self/mountinfo', 'utf8')));
  return fuse !== undefined && networkFuse.test(fuse) ? fuse : undefined;
}

function networkTypeOnMac(path: string): string | undefined {
  const type = innermostType(
    path,
    parseMacMounts(execFileSync('/sbin/mount', { encoding: 'utf8', timeout: 5000 })),
  );
  return type !== undefined && networkMac.test(type) ? type : undefined;
}

/**
 * The kind of network drive an existing folder is on, or undefined for a local disk. Windows resolves a mapped letter to
 * the share behind it. What cannot be found out counts as local: `journal_mode` is read back in any case.
 */
export function networkDrive(folder: string): string | undefined {
  try {
    const path = realpathSync.native(folder);
    if (process.platform === 'win32') return isUncPath(path) || isUncPath(folder) ? 'SMB' : undefined;
    return process.platform === 'darwin' ? networkTypeOnMac(path) : networkTypeOnLinux(path);
  } catch {
    return undefined;
  }
}
