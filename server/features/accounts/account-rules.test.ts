import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admissionOf, isOwnerStillNeeded } from './account-rules.ts';

test('the first account needs proof of being at the machine, later ones an open door', () => {
  const facts = { accounts: 0, isFromHost: false, hasRightCode: false, signUp: 'open' } as const;
  assert.deepEqual(admissionOf(facts), { code: 'SETUP_CODE_WRONG' });
  assert.deepEqual(admissionOf({ ...facts, isFromHost: true }), { role: 'owner' });
  assert.deepEqual(admissionOf({ ...facts, hasRightCode: true }), { role: 'owner' });
  // a closed server can still be set up
  assert.deepEqual(admissionOf({ ...facts, hasRightCode: true, signUp: 'closed' }), { role: 'owner' });
  const later = { ...facts, accounts: 1, isFromHost: true, hasRightCode: true };
  assert.deepEqual(admissionOf(later), { role: 'member' });
  for (const signUp of ['closed', 'approval', 'invitation'] as const) {
    assert.deepEqual(admissionOf({ ...later, signUp }), { code: 'SIGN_UP_CLOSED' });
  }
});

test('the last owner goes only as the last person', () => {
  assert.equal(isOwnerStillNeeded('owner', 0, 3), true);
  assert.equal(isOwnerStillNeeded('owner', 1, 3), false);
  assert.equal(isOwnerStillNeeded('owner', 0, 0), false);
  assert.equal(isOwnerStillNeeded('member', 0, 3), false);
});
