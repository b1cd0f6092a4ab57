/**
 * Logging. `logger('rooms')` is cheap and creates nothing; lines go where `openLog` sent them, and nowhere before that.
 * What must never be written (content, keys, tokens, file names) is the caller's business first; redaction here is the
 * net below.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import pino from 'pino';
import openRollingFile from 'pino-roll';
import type { LogLevel } from './config-keys.ts';
import { formatLogLine } from './log-line.ts';
import { createLogRing } from './log-ring.ts';
import type { NumberedLine } from './log-ring.ts';

type Fields = Readonly<Record<string, unknown>>;
type Write = (message: string, fields?: Fields) => void;

export type Log = Record<'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal', Write>;

export type LogTerminal = { write(text: string): unknown; isTTY?: boolean };

type LogOptions = {
  /** `<data>/logs`. */
  directory: string;
  level: LogLevel;
  /** Where short lines for people go; null for none. */
  terminal: LogTerminal | null;
  /** Told once when the file cannot be written, and once when it can be again. */
  onFileState?: (state: 'failing' | 'working', error?: Error) => void;
  sizeBytes?: number;
};

export type OpenLog = {
  /** The newest lines as they went into the file, oldest first, numbered from the first of this log on. */
  recent(): readonly NumberedLine[];
  /** Writes out what is buffered and closes the file. Never rejects. */
  close(): Promise<void>;
};

type LogFile = Awaited<ReturnType<typeof openRollingFile>>;

// the one piece of module state: which root the loggers write to at the moment
let root: pino.Logger | null = null;

const secretFields = [
  'password',
  'authKey',
  'recoveryAuth',
  'setupCode',
  'token',
  'sessionToken',
  'csrfToken',
  'secret',
  'key',
  'cookie',
  'authorization',
  'set-cookie',
  'envelope',
  'wraps',
  'vault',
];

/** A logger of one area. May be called at any time, also before the log is open. */
export function logger(area: string, bound: Fields = {}): Log {
  const write =
    (level: keyof Log): Write =>
    (message, fields) =>
      root?.[level]({ area, ...bound, ...fields }, message);
  return {
    trace: write('trace'),
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    fatal: write('fatal'),
  };
}

/**
 * Opens the log: JSON lines in rotated files (10 MB, five of them) and short lines in the terminal. A file that cannot be
 * opened or written leaves the terminal; logging never stops the server.
 */
export async function openLog(options: LogOptions): Promise<OpenLog> {
  const { level, terminal, onFileState } = options;
  const report = fileReports(onFileState, terminal);
  const file = await openFile(options, report);
  const ring = createLogRing();
  const streams: pino.StreamEntry[] = [{ level: 'trace', stream: { write: ring.add } }];
  // pino filters by the logger's level; the streams take whatever comes through
  if (file) streams.push({ level: 'trace', stream: file });
  if (terminal) {
    const isColoured = terminal.isTTY === true;
    const stream = { write: (line: string) => void terminal.write(formatLogLine(line, isColoured)) };
    streams.push({ level: 'trace', stream });
  }
  root = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: pino.stdSerializers.err },
      redact: {
        paths: secretFields.flatMap((name) => [
          pathOf(name),
          `*.${name}`.replace('*.set-cookie', '*["set-cookie"]'),
        ]),
        censor: '[redacted]',
      },
    },
    pino.multistream(streams),
  );
  const opened = root;
  let closing: Promise<void> | undefined;
  async function close(): Promise<void> {
    if (root === opened) root = null;
    if (file) await closeFile(file);
  }
  return {
    recent: ring.lines,
    // a stop may be asked for while another one is under way, and a file that was ended refuses to be ended again
    close: () => (closing ??= close()),
  };
}

const pathOf = (name: string): string => (name.includes('-') ? `["${name}"]` : name);

async function openFile(
  { directory, sizeBytes = 10 * 1024 * 1024 }: LogOptions,
  report: FileReports,
): Promise<LogFile | null> {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const file = await openRollingFile({
      file: path.join(directory, 'maru.log'),
      size: `${sizeBytes}b`,
      // four older files beside the one being written
      limit: { count: 4, removeOtherLogFiles: true },
      mode: 0o600,
      // a full disk must not turn into a full memory: beyond this, lines are dropped
      maxLength: 4 * 1024 * 1024,
    });
    file.on('error', (error) => report.failed(error));
    file.on('write', () => report.worked());
    return file;
  } catch (error) {
    report.failed(error);
    return null;
  }
}

type FileReports = { failed(error: unknown): void; worked(): void };

function fileReports(onFileState: LogOptions['onFileState'], terminal: LogTerminal | null): FileReports {
  let isFailing = false;
  return {
    failed: (reason) => {
      if (isFailing) return;
      isFailing = true;
      const error = reason instanceof Error ? reason : new Error(String(reason));
      terminal?.write(`log: cannot write the log file (${error.message}); going on without it\n`);
      onFileState?.('failing', error);
    },
    worked: () => {
      if (!isFailing) return;
      isFailing = false;
      onFileState?.('working');
    },
  };
}

/** Ends the file. A disk that is full keeps the last lines from being written; that must not keep the server from stopping. */
const closeFile = (file: LogFile): Promise<void> =>
  new Promise((resolve) => {
    file.once('close', resolve);
    file.once('error', () => resolve());
    file.end();
  });
