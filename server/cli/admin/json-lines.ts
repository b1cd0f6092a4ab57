/** Messages over a socket or pipe: one JSON object a line. */
import type { Socket } from 'node:net';

/** Longer than any answer; whoever sends more without a line feed is cut off. */
const longestLine = 16 * 1024 * 1024;

export type JsonLines = {
  send: (message: object) => void;
  /** The next message; null once the other side is gone. */
  next: () => Promise<Record<string, unknown> | null>;
  end: () => void;
};

export function createJsonLines(socket: Socket): JsonLines {
  let rest = '';
  const messages: Record<string, unknown>[] = [];
  const waiting: ((message: Record<string, unknown> | null) => void)[] = [];
  let isGone = false;

  const take = (line: string): void => {
    const message = parse(line);
    if (message === null) return void socket.destroy();
    const next = waiting.shift();
    if (next === undefined) messages.push(message);
    else next(message);
  };
  socket.setEncoding('utf8');
  socket.on('data', (text: string) => {
    rest += text;
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      take(rest.slice(0, end));
      rest = rest.slice(end + 1);
    }
    if (rest.length > longestLine) socket.destroy();
  });
  // what went wrong does not matter: the line is gone
  socket.on('error', () => undefined);
  socket.on('close', () => {
    isGone = true;
    for (const next of waiting.splice(0)) next(null);
  });

  return {
    send: (message) => void socket.write(`${JSON.stringify(message)}\n`),
    next() {
      const message = messages.shift();
      if (message !== undefined) return Promise.resolve(message);
      return isGone ? Promise.resolve(null) : new Promise((resolve) => waiting.push(resolve));
    },
    end: () => void socket.end(),
  };
}

function parse(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}
