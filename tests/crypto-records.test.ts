import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseStatement } from '../static/crypto/identity.ts';
import { hashRecord, isRecordSignature, parseRecord } from '../static/crypto/room-record.ts';
import { findChainFault } from '../static/crypto/room-step.ts';
import rooms from './vectors/rooms.json' with { type: 'json' };

/** Why a record may not follow the one before it, by the rules that client and server share. */
function faultOf(previous: string | null, text: string, signature: string): string | null {
  const record = parseRecord(text);
  if (record === null) return 'MALFORMED';
  const before = previous === null ? null : parseRecord(previous);
  const link =
    before && previous !== null ? { epoch: before.epoch, hash: hashRecord(previous), record: before } : null;
  const fault = findChainFault(rooms.roomUid, link, { record });
  if (fault !== null) return fault.reason;
  const row = rooms.people.find((person) => person.userUid === record.creator.userUid);
  const creator = row === undefined ? null : parseStatement(row);
  return creator !== null && isRecordSignature(text, signature, creator.ed25519) ? null : 'BAD_SIGNATURE';
}

test('the chain of the vectors is valid, one record after another', () => {
  let previous: string | null = null;
  for (const { record, signature } of rooms.epochs) {
    assert.equal(faultOf(previous, record, signature), null);
    previous = record;
  }
});

test('each invalid record of the vectors is refused', () => {
  const first = rooms.epochs[0]?.record ?? null;
  for (const { reason, record, signature } of rooms.invalid) {
    assert.notEqual(faultOf(first, record, signature), null, reason);
  }
  assert.ok(rooms.invalid.length > 15);
});
