import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeBase64 } from './encoding.ts';
import { hashRecord, parseRecord, type RoomRecord, serialiseRecord } from './room-record.ts';
import { createSeededRandom } from './testing/crypto-world.ts';

const random = createSeededRandom('record');
const uid = (): string => encodeBase64(random(16));
const hash = (): string => encodeBase64(random(32));
const person = () => ({ userUid: uid(), version: 1, fingerprint: uid() });

function createRecord(size = 3): RoomRecord {
  const people = Array.from({ length: size }, person);
  const [creator = person()] = people;
  return {
    roomUid: uid(),
    type: 'group',
    epoch: 2,
    kid: hash(),
    prev: hash(),
    history: false,
    creator,
    people,
  };
}

test('a record reads back as it was written, its people in ascending order', () => {
  const record = createRecord(20);
  const text = serialiseRecord(record);
  const parsed = parseRecord(text);
  assert.ok(parsed);
  assert.equal(serialiseRecord(parsed), text);
  const entries = (text.split('|')[9] ?? '').split(',');
  assert.deepEqual(entries, [...entries].sort());
  assert.equal(parseRecord(serialiseRecord({ ...record, prev: null, epoch: 1 }))?.prev, null);
});

test('a record in any other spelling is refused', () => {
  const record = createRecord();
  const text = serialiseRecord(record);
  const [a = '', b = '', c = ''] = (text.split('|')[9] ?? '').split(',');
  const withEntries = (...entries: string[]): string =>
    [...text.split('|').slice(0, 9), entries.join(',')].join('|');
  const withField = (index: number, value: string): string =>
    text
      .split('|')
      .map((field, position) => (position === index ? value : field))
      .join('|');
  const twoOfOne = { userUid: record.creator.userUid, version: 2, fingerprint: uid() };
  const refused = {
    'another prefix': withField(0, 'maru/2'),
    'another label': withField(1, 'Epoch'),
    'a room uid with stray bits': withField(2, 'AAAAAAAAAAAAAAAAAAAAAB'),
    'an unknown type': withField(3, 'x'),
    'three people in a direct room': withField(3, 'd'),
    'epoch 0': withField(4, '0'),
    'a leading zero': withField(4, '02'),
    'an epoch beyond 2^53': withField(4, '9007199254740993'),
    'a short kid': withField(5, 'AAAA'),
    'an empty prev': withField(6, ''),
    'another history': withField(7, '2'),
    'a creator who is no entry': withField(8, `${uid()}.1.${uid()}`),
    'descending entries': withEntries(...[a, b, c].reverse()),
    'an entry twice': withEntries(a, a, b, c),
    'no entries': withEntries(''),
    'a trailing comma': withEntries(a, b, c, ''),
    'version 0': withEntries(a.replace('.1.', '.0.'), b, c),
    'version 10000': withEntries(a.replace('.1.', '.10000.'), b, c),
    'one field more': `${text}|`,
    'white space': `${text}\n`,
    'two versions of one person': serialiseRecord({ ...record, people: [...record.people, twoOfOne] }),
  };
  for (const [name, value] of Object.entries(refused)) assert.equal(parseRecord(value), null, name);
});

test('a record of a thousand people stays inside the limit', () => {
  const text = serialiseRecord(createRecord(1000));
  assert.ok(text.length < 60_000, String(text.length));
  assert.equal(parseRecord(text)?.people.length, 1000);
});

test('the hash covers every character', () => {
  const text = serialiseRecord(createRecord());
  assert.notEqual(hashRecord(text), hashRecord(`${text.slice(0, -1)}${text.endsWith('A') ? 'Q' : 'A'}`));
});
