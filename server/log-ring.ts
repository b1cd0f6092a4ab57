/** The newest lines of the log, for whoever looks at them while the server runs. */

export type NumberedLine = { id: number; line: string };

/** About half a megabyte at most: lines are short, and long ones are cut. */
const keptLines = 1_000;
const lineMax = 4_000;
const valueMax = 1_500;

export type LogRing = { add: (line: string) => void; lines: () => readonly NumberedLine[] };

/** Empty; ids count up from 1. */
export function createLogRing(): LogRing {
  const kept: NumberedLine[] = [];
  let lastId = 0;
  return {
    add(line) {
      lastId += 1;
      const shown = line.length <= lineMax ? line : shortened(line);
      if (shown !== null) kept.push({ id: lastId, line: shown });
      if (kept.length > keptLines) kept.shift();
    },
    lines: () => kept,
  };
}

/** The long line is the one that somebody looks for: an error with its stack. It stays JSON; null if it is none. */
function shortened(line: string): string | null {
  try {
    const shorter = JSON.stringify(JSON.parse(line), (_name, value: unknown) =>
      typeof value === 'string' ? cut(value) : value,
    );
    if (shorter.length <= lineMax) return shorter;
    const { level, time, area, msg }: Record<string, unknown> = JSON.parse(shorter);
    return JSON.stringify({ level, time, area, msg });
  } catch {
    return null;
  }
}

const cut = (text: string): string => (text.length <= valueMax ? text : `${text.slice(0, valueMax)}…`);
