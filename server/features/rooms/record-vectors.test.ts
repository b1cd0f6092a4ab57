/** The server's record rules over the same known answers as the client's (`tests/crypto-records.test.ts`), so that both stay in step. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import rooms from '../../../tests/vectors/rooms.json' with { type: 'json' };
import {
  areEntriesPublished,
  areWrapsComplete,
  fitsRoom,
  isSignedByCreator,
  parseRecord,
  recordHash,
  succession,
} from './record-rules.ts';

type Vector = { record: string; signature: string; creatorUid: string };

/** The first rule that refuses a record after the room's newest one; null if the server takes it. */
function refusedBy(previous: string | null, { record: text, signature, creatorUid }: Vector): string | null {
  const record = parseRecord(text);
  if (record === null) return 'parseRecord';
  const before = previous === null ? null : parseRecord(previous);
  // Which history a room has is the request's business; the vectors' third record changes it.
  const { roomUid } = rooms;
  const expected = { roomUid, type: 'g', history: record.history, callerUid: creatorUid } as const;
  if (!fitsRoom(record, expected)) return 'fitsRoom';
  const newest = { epoch: before?.epoch ?? 0, hash: previous === null ? '-' : recordHash(previous) };
  if (succession(record, newest) !== 'next') return 'succession';
  if (!areEntriesPublished(record.entries, rooms.people, before?.entries ?? [])) return 'areEntriesPublished';
  return isSignedByCreator(text, signature, record.creator, rooms.people) ? null : 'isSignedByCreator';
}

test('the server takes every record of the vectors’ chain, with its wraps', () => {
  let previous: string | null = null;
  for (const epoch of rooms.epochs) {
    assert.equal(refusedBy(previous, epoch), null, String(epoch.epoch));
    const record = parseRecord(epoch.record);
    assert.ok(record);
    assert.equal(recordHash(epoch.record), epoch.hash);
    assert.equal(areWrapsComplete(record.entries, epoch.wraps), true);
    assert.equal(areWrapsComplete(record.entries, epoch.wraps.slice(1)), false);
    previous = epoch.record;
  }
});

test('the server refuses every invalid record of the vectors', () => {
  const [first, second] = rooms.epochs;
  assert.ok(first && second);
  assert.equal(refusedBy(first.record, second), null, 'the one that all of them were made from');
  for (const invalid of rooms.invalid) {
    const vector = { ...invalid, creatorUid: second.creatorUid };
    assert.notEqual(refusedBy(first.record, vector), null, invalid.reason);
  }
  assert.ok(rooms.invalid.length > 15);
});

test('the server refuses a valid record out of its turn', () => {
  const [first, second, third] = rooms.epochs;
  assert.ok(first && second && third);
  assert.equal(refusedBy(first.record, third), 'succession', 'one was left out');
  assert.equal(refusedBy(second.record, second), 'succession', 'it is there already');
  assert.equal(refusedBy(null, second), 'succession', 'the room has none yet');
});
