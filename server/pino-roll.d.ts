/** pino-roll ships no types; this is the part that the logger uses. */
declare module 'pino-roll' {
  import type { EventEmitter } from 'node:events';

  type RollOptions = {
    file: string;
    size: string;
    limit: { count: number; removeOtherLogFiles: boolean };
    mode: number;
    maxLength: number;
  };

  type RollingFile = EventEmitter & { write(line: string): boolean; end(): void; flushSync(): void };

  export default function openRollingFile(options: RollOptions): Promise<RollingFile>;
}
