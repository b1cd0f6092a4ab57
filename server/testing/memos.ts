/** Memos of the tests: what the server cannot read is random. */
import { randomB64, randomUid } from './people.ts';
import type { TestPerson } from './people.ts';

/** The input of a send from one person to others. */
export const memoFor = (sender: TestPerson, readers: readonly TestPerson[]) => ({
  memoUid: randomUid(),
  sender: sender.entry,
  senderWrap: randomB64(160),
  readers: readers
    .map(({ entry }) => entry)
    .sort((left, right) => (left < right ? -1 : 1))
    .map((entry) => ({ entry, wrap: randomB64(160) })),
  body: `n1.${randomB64(256)}`,
});
