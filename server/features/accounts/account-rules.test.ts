import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admissionOf, isOwnerStillNeeded } from './account-rules.ts';

const facts = {
  accounts: 0,
  isFromHost: false,
  hasRightCode: false,
  signUp: 'open',
  invitation: 'none',
} as const;
const plain = { isPending: false, isInvitationUsed: false };

test('the first account needs proof of being at the machine, whatever the policy', () => {
  assert.equal(codeOf(admissionOf(facts)), 'SETUP_CODE_WRONG');
  assert.deepEqual(admissionOf({ ...facts, isFromHost: true }), { role: 'owner', ...plain });
  assert.deepEqual(admissionOf({ ...facts, hasRightCode: true }), { role: 'owner', ...plain });
  // a closed server can still be set up
  assert.deepEqual(admissionOf({ ...facts, hasRightCode: true, signUp: 'closed' }), {
    role: 'owner',
    ...plain,
  });
});

test('later accounts need an open door, an approval or an invitation, and become members', () => {
  const later = { ...facts, accounts: 1, isFromHost: true, hasRightCode: true };
  const outcomes = (['open', 'approval', 'invitation', 'closed'] as const).map((signUp) =>
    (['none', 'wrong', 'right'] as const).map((invitation) => {
      const admission = admissionOf({ ...later, signUp, invitation });
      if ('code' in admission) return admission.code;
      assert.equal(admission.role, 'member');
      return admission.isPending ? 'waits' : admission.isInvitationUsed ? 'invited' : 'in';
    }),
  );
  assert.deepEqual(outcomes, [
    ['in', 'in', 'in'],
    ['waits', 'INVITATION_WRONG', 'invited'],
    ['INVITATION_NEEDED', 'INVITATION_WRONG', 'invited'],
    ['SIGN_UP_CLOSED', 'SIGN_UP_CLOSED', 'SIGN_UP_CLOSED'],
  ]);
});

const codeOf = (admission: ReturnType<typeof admissionOf>): string | null =>
  'code' in admission ? admission.code : null;

test('the last owner goes only as the last person', () => {
  assert.equal(isOwnerStillNeeded('owner', 0, 3), true);
  assert.equal(isOwnerStillNeeded('owner', 1, 3), false);
  assert.equal(isOwnerStillNeeded('owner', 0, 0), false);
  assert.equal(isOwnerStillNeeded('member', 0, 3), false);
});
