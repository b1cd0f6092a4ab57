/**
 * The desktop app's entry, and the only file that imports Electron at run time: everything else takes what it needs as an
 * argument. `--cli` runs the server alone, in a plain Node of this very program, with no window and no tray.
 */
import { spawn } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  Notification,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  session,
  shell,
  Tray,
  utilityProcess,
} from 'electron';
import { startDesktop } from './desktop-app.ts';
import type { ElectronApi } from './electron-api.ts';
import { runHeadless } from './headless-server.ts';
import { parseLaunch } from './launch-arguments.ts';
import { productLimits } from './server-process.ts';

const electron: ElectronApi = {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  Notification,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  session,
  shell,
  Tray,
  utilityProcess,
};

// `dist/` of a clone; in an installed app that folder is inside the archive, and the server lies beside the archive, because its
// native module cannot be loaded from within and a plain Node (`maru-cli`) has to find it
const bundleDir = path.resolve(import.meta.dirname, '..');
const serverDir = app.isPackaged ? path.join(process.resourcesPath, 'server', 'dist') : bundleDir;
const launch = parseLaunch(process.argv, app.isPackaged);

if (launch.isHeadless) {
  const { env, execPath } = process;
  // a signal makes Electron quit by itself, at once; it has to wait until the server has stopped
  app.on('before-quit', (event) => event.preventDefault());
  app.exit(await runHeadless({ spawn, process, execPath, env, serverDir, args: launch.headlessArguments }));
} else {
  void startDesktop({
    electron,
    launch,
    bundleDir,
    serverDir,
    env: process.env,
    platform: process.platform,
    interfaces: networkInterfaces,
    timers: { setTimeout, clearTimeout },
    now: Date.now,
    killHard: (pid) => process.kill(pid, 'SIGKILL'),
    limits: productLimits,
    // an installed app has no terminal, and on Windows no standard output at all
    onServerOutput: (text) => void (app.isPackaged || process.stdout.write(text)),
    onBugs(report) {
      // a bug in the tray must not end the messenger of an office
      process.on('uncaughtException', (error) => report(`bug: ${error.stack ?? error.message}`));
      process.on('unhandledRejection', (error) => report(`bug: ${String(error)}`));
    },
  });
}
