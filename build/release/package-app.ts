/** Packs the desktop app with electron-builder: stages exactly what is packed, then lets it make the packages. */
import { readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { Arch, Platform, build } from 'electron-builder';
import { systemdUnit } from './server-archive.ts';
import { bundled, readProduct, serverTree } from './server-tree.ts';
import { textFile, writeTree } from './tree.ts';

export type AppTarget = { platform: NodeJS.Platform; arch: 'x64' | 'arm64' };

type Wish = AppTarget & {
  root: string;
  /** The unpacked app alone: no installer, and nothing that has to be fetched for one. */
  isUnpackedOnly: boolean;
  /** A folder like Electron's own `dist`; left out: the one of the npm package if it fits, else electron-builder fetches it. */
  electronDist?: string;
  /** Where everything goes, instead of `dist/package`. */
  folder?: string;
};

const platforms = { linux: Platform.LINUX, win32: Platform.WINDOWS, darwin: Platform.MAC } as const;

const appCommand = '/opt/Maru/maru-desktop /opt/Maru/resources/server/dist/server/cli.js --cli';

/** Packs the app and gives the packages' paths. The bundle must have been made. */
export async function packageApp(wish: Wish): Promise<string[]> {
  const { root, platform, arch, isUnpackedOnly } = wish;
  const folder = wish.folder ?? path.join(root, 'dist', 'package');
  const builder = platforms[supported(platform)];
  const electronDist = wish.electronDist ?? installedElectron(root, wish);
  stage(root, folder, wish);
  const serverFolder = path.join(folder, `server-${platform}-${arch}`);
  const unit = path.join(folder, 'maru.service');
  return build({
    targets: builder.createTarget(isUnpackedOnly ? 'dir' : null, arch === 'x64' ? Arch.x64 : Arch.arm64),
    projectDir: root,
    publish: 'never',
    config: {
      extends: path.join(root, 'electron-builder.yml'),
      electronVersion: electronVersion(root),
      ...(electronDist === null ? {} : { electronDist }),
      // The server's packages are staged. electron-builder is told so by this hook, which it asks only if it believes that it may
      // rebuild; without it, it would look for everything that package.json names, for half a minute.
      npmRebuild: true,
      beforeBuild: () => Promise.resolve(false),
      directories: { app: path.join(folder, 'app'), output: path.join(folder, 'out') },
      extraResources: [
        { from: serverFolder, to: 'server' },
        // left out of the above because of its name
        { from: path.join(serverFolder, 'node_modules'), to: 'server/node_modules' },
      ],
      deb: {
        fpm: [
          `--before-remove=${path.join(root, 'build', 'linux', 'before-remove.sh')}`,
          `${unit}=/usr/lib/systemd/system/maru.service`,
        ],
      },
    },
  });
}

function supported(platform: NodeJS.Platform): keyof typeof platforms {
  if (platform === 'linux' || platform === 'win32' || platform === 'darwin') return platform;
  throw new Error(`the desktop app is not made for ${platform}`);
}

/** Lays out what is packed, from nothing, so that nothing of an earlier build is packed with it. */
function stage(root: string, folder: string, { platform, arch }: AppTarget): void {
  const app = path.join(folder, 'app');
  const server = path.join(folder, `server-${platform}-${arch}`);
  for (const stale of [app, server]) rmSync(stale, { recursive: true, force: true });
  const description = {
    ...readProduct(root),
    private: true,
    type: 'module',
    main: 'dist/main/main.js',
    desktopName: 'maru.desktop',
    author: 'Maru maintainers <maintainers@maru.invalid>',
    // shown by package managers; there is no page outside, and this one is the product itself
    homepage: 'http://localhost:5000/',
  };
  const isMap = (name: string): boolean => name.endsWith('.map');
  writeTree(app, [
    textFile('package.json', `${JSON.stringify(description, null, 2)}\n`),
    ...[...bundled(root, 'main'), ...bundled(root, 'renderer')].filter(({ name }) => !isMap(name)),
  ]);
  writeTree(server, serverTree(root, { sqlite: `${platform}-${arch}` }));
  const files = path.join(root, 'build', 'release', 'files');
  writeFileSync(
    path.join(folder, 'maru.service'),
    systemdUnit(files, { command: appCommand, environment: ['ELECTRON_RUN_AS_NODE=1'] }),
  );
}

function electronVersion(root: string): string {
  const file = path.join(root, 'node_modules', 'electron', 'package.json');
  const { version }: { version: string } = JSON.parse(readFileSync(file, 'utf8'));
  return version;
}

/** What `npm run desktop` fetched, if it is for the target. */
function installedElectron(root: string, { platform, arch }: AppTarget): string | null {
  const folder = path.join(root, 'node_modules', 'electron', 'dist');
  const isOwn = platform === process.platform && arch === process.arch;
  return isOwn && existsSync(path.join(folder, 'version')) ? folder : null;
}
