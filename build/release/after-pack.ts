/** What electron-builder cannot be told in its configuration; it calls this between packing and signing. */
import { chmodSync, copyFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { FuseV1Options, FuseVersion } from '@electron/fuses';
import type { FuseConfig } from '@electron/fuses';
import type { AfterPackContext } from 'electron-builder';

const launchers = path.resolve(import.meta.dirname, '..', 'linux');

/** Switches in Electron's binary; docs/decisions/0005-runasnode.md says why each is as it is. */
export const fuses: FuseConfig = {
  version: FuseVersion.V1,
  // a Mac refuses a binary that was changed after it was signed; this signs it anew for the machine that builds
  resetAdHocDarwinSignature: true,
  [FuseV1Options.RunAsNode]: true,
  [FuseV1Options.EnableCookieEncryption]: false,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
};

/** Flips the fuses; on Linux, then puts the launcher in the binary's place. */
export async function afterPack(context: AfterPackContext): Promise<void> {
  const { packager, appOutDir, electronPlatformName } = context;
  // here and not as `electronFuses`, because those are flipped later, when the binary has moved behind the launcher
  await packager.addElectronFuses(context, fuses);
  if (electronPlatformName !== 'linux') return;
  renameSync(path.join(appOutDir, 'maru'), path.join(appOutDir, 'maru-desktop'));
  for (const name of ['maru', 'maru-cli']) {
    copyFileSync(path.join(launchers, name), path.join(appOutDir, name));
    chmodSync(path.join(appOutDir, name), 0o755);
  }
}

// electron-builder takes a file's default export
export default afterPack;
