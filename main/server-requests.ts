import * as z from 'zod/mini';
import type { Answer, Refusal } from '#contract/request.ts';

export type ServerAnswer = Answer<unknown>;

const Shape = z.union([
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.looseObject({ ok: z.literal(false), error: z.string(), code: z.string() }),
]);

const notRunning = {
  ok: false,
  error: 'The server is not running.',
  code: 'SHUTTING_DOWN',
} satisfies Refusal;

/** Requests to the server that wait for their answers. Each gets exactly one, if need be a refusal. */
export function createServerRequests() {
  const waiting = new Map<number, (answer: ServerAnswer) => void>();
  let lastId = 0;
  return {
    refusal: notRunning,
    ask(send: (id: number) => void): Promise<ServerAnswer> {
      lastId += 1;
      const id = lastId;
      return new Promise((resolve) => {
        waiting.set(id, resolve);
        send(id);
      });
    },
    settle(id: number, answer: unknown): void {
      const resolve = waiting.get(id);
      waiting.delete(id);
      const isAnswer = Shape.safeParse(answer).success;
      resolve?.(
        isAnswer
          ? (answer as ServerAnswer) // the line above has looked
          : { ok: false, error: 'The server’s answer is not understood.', code: 'INTERNAL' },
      );
    },
    /** The server is gone. */
    refuseAll(): void {
      for (const resolve of waiting.values()) resolve(notRunning);
      waiting.clear();
    },
  };
}
