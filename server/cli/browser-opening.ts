import { spawn } from 'node:child_process';
import type { Environment } from '../config.ts';
import type { CommandLine } from './arguments.ts';

type Surroundings = { platform: NodeJS.Platform; env: Environment; isTerminal: boolean };

/** A browser opens when a person started the server by hand on a desktop, and nothing says otherwise. */
export function isBrowserWanted(line: CommandLine, { platform, env, isTerminal }: Surroundings): boolean {
  if (line.opening !== 'automatic') return line.opening === 'always';
  if (line.isHeadless || !isTerminal || env['CI'] || env['SSH_CONNECTION'] || env['SSH_TTY']) return false;
  if (platform === 'win32' || platform === 'darwin') return true;
  return Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
}

/** Opens the person's own browser. A machine without one is no reason to complain: the address is on the screen. */
export function openBrowser(url: string, platform: NodeJS.Platform): void {
  const [command, args]: [string, string[]] =
    platform === 'win32'
      ? ['rundll32', ['url.dll,FileProtocolHandler', url]]
      : platform === 'darwin'
        ? ['open', [url]]
        : ['xdg-open', [url]];
  const child = spawn(command, args, { detached: true, stdio: 'ignore', windowsHide: true });
  child.on('error', () => undefined);
  child.unref();
}
