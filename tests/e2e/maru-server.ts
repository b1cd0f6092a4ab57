/** The bundled server as people run it, one for each test, with a data folder that outlives a kill. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from './free-port.ts';

const root = path.resolve(import.meta.dirname, '../..');

export type MaruServer = {
  port: number;
  dataDir: string;
  /** What people in an office type: a bare address of the LAN, where the page is no secure context. */
  lanUrl: string;
  /** A secure context. */
  localUrl: string;
  setUpCode: string;
  /** Everything that the process printed, logs included. */
  output(): string;
  /** Without warning, in the middle of whatever it is doing. */
  kill(): Promise<void>;
  /** Again, at the same port, on the same data. */
  start(): Promise<void>;
  /** Ends it as an administrator would, and throws the data away. */
  remove(): Promise<void>;
};

/** Limits that hold a person back, and a test that signs five people up in a row. */
const wideLimits = {
  REGISTER_PER_MINUTE: '1000',
  LOGIN_PER_MINUTE: '1000',
  SOCKET_SEND_MESSAGE_PER_MINUTE: '100000',
};

export async function startMaru(): Promise<MaruServer> {
  const cli = path.join(root, 'dist/server/cli.js');
  if (!existsSync(cli)) throw new Error('There is no bundle: run npm run bundle.');
  const dataDir = mkdtempSync(path.join(tmpdir(), 'maru-e2e-'));
  const port = await freePort();
  let child: ChildProcess | undefined;
  let output = '';
  let setUpCode = '';

  async function start(): Promise<void> {
    const before = output.length;
    const args = [cli, '--cli', '--port', String(port), '--data-dir', dataDir, '--no-open'];
    const started = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...wideLimits, LANG: 'en_US.UTF-8', LC_ALL: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    await new Promise<void>((resolve, reject) => {
      const read = (chunk: Buffer): void => {
        output += chunk.toString();
        if (output.slice(before).includes('Press Ctrl+C')) resolve();
      };
      started.stdout.on('data', read);
      started.stderr.on('data', read);
      started.once('exit', (code) =>
        reject(new Error(`the server ended with ${code}:\n${output.slice(before)}`)),
      );
    });
    setUpCode = /Set-up code[^\n]*\n\s*(\S+)/.exec(output.slice(before))?.[1] ?? setUpCode;
  }

  async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }

  await start();
  return {
    port,
    dataDir,
    lanUrl: `http://192.168.77.7:${port}`,
    localUrl: `http://localhost:${port}`,
    get setUpCode() {
      return setUpCode;
    },
    output: () => output,
    kill: () => end('SIGKILL'),
    start,
    async remove() {
      await end('SIGTERM');
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
