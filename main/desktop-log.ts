import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';

const largestBytes = 1024 * 1024;

/**
 * A line to `desktop.log` beside the settings: what the app itself did, for somebody who looks for a reason. The file before
 * is kept as `desktop.old.log`. A log that cannot be written must not stop the messenger.
 */
export function openDesktopLog(file: string, now: () => number): (text: string) => void {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    if (size > largestBytes) renameSync(file, file.replace(/\.log$/, '.old.log'));
  } catch {
    // see above
  }
  return (text) => {
    try {
      appendFileSync(file, `${new Date(now()).toISOString()} ${text.replaceAll('\n', '\n    ')}\n`);
    } catch {
      // see above
    }
  };
}
