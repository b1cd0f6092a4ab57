import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEpoch, createPerson, randomUid } from '../../testing/people.ts';
import {
  areEntriesPublished,
  areWrapsComplete,
  fitsRoom,
  isSignedByCreator,
  parseRecord,
  spellRecord,
  succession,
} from './record-rules.ts';
import type { EpochRecord } from './record-rules.ts';

const roomUid = randomUid();
const [alice, bob] = [createPerson('alice'), createPerson('bob')];
const first = createEpoch({ roomUid, type: 'group', creator: alice, people: [alice, bob] });
const statements = [alice, bob].map(({ userUid, statement }) => ({ userUid, version: 1, statement }));

function parsed(text: string): EpochRecord {
  const record = parseRecord(text);
  assert.ok(record !== null);
  return record;
}

const record = parsed(first.record);
const changed = (index: number, value: string): string =>
  first.record
    .split('|')
    .map((field, at) => (at === index ? value : field))
    .join('|');

test('a record is read and spelled the same', () => {
  assert.equal(spellRecord(record), first.record);
  assert.equal(record.epoch, 1);
  assert.equal(record.entries.length, 2);
});

test('any other spelling is refused', () => {
  const entries = first.record.split('|')[9] ?? '';
  const [left = '', right = ''] = entries.split(',');
  const wrong = {
    'another version': first.record.replace('maru/1', 'maru/2'),
    'another label': changed(1, 'epochs'),
    'a short room': changed(2, roomUid.slice(1)),
    'stray bits in the room': changed(2, `${roomUid.slice(0, -1)}B`),
    'an unknown type': changed(3, 'x'),
    'a leading zero': changed(4, '01'),
    'epoch zero': changed(4, '0'),
    'an unsafe epoch': changed(4, '9007199254740993'),
    'a bad key id': changed(5, 'x'),
    'a bad previous hash': changed(6, 'x'),
    'a bad history': changed(7, '2'),
    'a bad creator': changed(8, 'x.1.y'),
    'a version zero': changed(8, alice.entry.replace('.1.', '.0.')),
    'descending entries': changed(9, `${right},${left}`),
    'one person twice': changed(9, `${left},${left}`),
    'an empty entry': changed(9, `${left},`),
    'a field too many': `${first.record}|x`,
    'a line end': `${first.record}\n`,
  };
  for (const [what, text] of Object.entries(wrong)) assert.equal(parseRecord(text), null, what);
});

test('it must be about this room, keep type and history, and be made by its sender, who is in it', () => {
  const expected = { roomUid, type: 'g', history: 0, callerUid: alice.userUid } as const;
  assert.equal(fitsRoom(record, expected), true);
  assert.equal(fitsRoom(record, { ...expected, roomUid: randomUid() }), false);
  assert.equal(fitsRoom(record, { ...expected, type: 'd' }), false);
  assert.equal(fitsRoom(record, { ...expected, history: 1 }), false);
  assert.equal(fitsRoom(record, { ...expected, callerUid: bob.userUid }), false);
  const withoutCreator = createEpoch({ roomUid, type: 'group', creator: alice, people: [bob] });
  assert.equal(fitsRoom(parsed(withoutCreator.record), expected), false);
});

test('a direct room has two people at most', () => {
  const carol = createPerson('carol');
  const three = createEpoch({ roomUid, type: 'direct', creator: alice, people: [alice, bob, carol] });
  const expected = { roomUid, type: 'd', history: 1, callerUid: alice.userUid } as const;
  assert.equal(fitsRoom(parsed(three.record), expected), false);
});

test('it follows the newest record, or it lost a race, or it is wrong', () => {
  const next = parsed(
    createEpoch({ roomUid, type: 'group', creator: bob, people: [alice, bob], previous: first }).record,
  );
  assert.equal(succession(next, first), 'next');
  assert.equal(succession(next, { epoch: 2, hash: first.hash }), 'conflict');
  assert.equal(succession(next, { epoch: 0, hash: first.hash }), 'invalid');
  assert.equal(succession(next, { epoch: 1, hash: next.kid }), 'invalid');
});

test('entries name published versions by their fingerprint and never go back behind one', () => {
  assert.equal(areEntriesPublished(record.entries, statements, []), true);
  assert.equal(areEntriesPublished(record.entries, statements.slice(1), []), false);
  const [entry] = record.entries;
  assert.ok(entry !== undefined);
  const forged = [{ ...entry, fp: createPerson('x').entry.split('.')[2] ?? '' }];
  assert.equal(areEntriesPublished(forged, statements, []), false);
  assert.equal(areEntriesPublished(record.entries, statements, [{ ...entry, version: 2 }]), false);
});

test('the signature is the creator’s, over these very bytes', () => {
  const check = (text: string, signature: string): boolean =>
    isSignedByCreator(text, signature, record.creator, statements);
  assert.equal(check(first.record, first.signature), true);
  assert.equal(check(first.record, bob.sign(first.record)), false);
  assert.equal(check(changed(7, '1'), first.signature), false);
});

test('there is one wrap for every entry and none for anybody else', () => {
  const [one, two] = first.wraps;
  assert.ok(one !== undefined && two !== undefined);
  assert.equal(areWrapsComplete(record.entries, first.wraps), true);
  assert.equal(areWrapsComplete(record.entries, [one]), false);
  assert.equal(areWrapsComplete(record.entries, [one, one]), false);
  assert.equal(areWrapsComplete(record.entries, [one, two, two]), false);
  assert.equal(areWrapsComplete(record.entries, [one, { ...two, userUid: randomUid() }]), false);
});
