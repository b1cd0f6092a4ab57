/** Choosing lines of the recent log. Pure. */
import type { AdminLogLevel, AdminLogLine } from '#contract/admin.ts';

const order: readonly AdminLogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

export type LogWish = { level?: AdminLogLevel; query?: string; after?: number; limit?: number };

/** The newest lines that fit, oldest first. */
export function chooseLines(lines: readonly AdminLogLine[], wish: LogWish): AdminLogLine[] {
  const least = order.indexOf(wish.level ?? 'trace');
  const words = (wish.query ?? '').normalize('NFC').toLowerCase().split(/\s+/).filter(Boolean);
  return lines
    .filter(({ id, level, area, text }) => {
      if (id <= (wish.after ?? 0) || order.indexOf(level) < least) return false;
      const searched = `${area} ${text}`.toLowerCase();
      return words.every((word) => searched.includes(word));
    })
    .slice(-(wish.limit ?? 200));
}
