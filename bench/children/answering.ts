/** The side of a measured child process: answers the questions that the bench asks over the IPC channel. */

export type Question = { id: number; kind: string; payload: unknown };
export type Reply = { id: number; answer: unknown } | { id: number; failure: string };

const isQuestion = (message: unknown): message is Question =>
  typeof message === 'object' && message !== null && 'kind' in message && 'id' in message;

/**
 * Answers questions by kind. The channel does not keep the process alive, and the process ends with the bench, so that
 * nothing is left behind when the bench is interrupted.
 */
export function answerQuestions(answers: Record<string, (payload: unknown) => unknown>): void {
  process.on('message', (message) => {
    if (!isQuestion(message)) return;
    const answer = answers[message.kind];
    if (answer === undefined) return;
    Promise.resolve(message.payload)
      .then(answer)
      .then(
        (value): Reply => ({ id: message.id, answer: value }),
        (error: unknown): Reply => ({
          id: message.id,
          failure: String(error instanceof Error ? error.stack : error),
        }),
      )
      .then((reply) => process.send?.(reply))
      .catch(() => process.exit(1));
  });
  process.on('disconnect', () => process.exit(0));
  process.channel?.unref();
}

/** Tells the bench that a reference server listens. */
export const announcePort = (port: number): void => void process.send?.({ listening: port });
