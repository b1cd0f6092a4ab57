import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heirOf, mayInvite, mayKick } from './role-rules.ts';

test('the owner removes anybody, an admin members only, a member nobody', () => {
  const roles = ['owner', 'admin', 'member'] as const;
  const allowed = roles.map((actor) => roles.filter((target) => mayKick(actor, target)));
  assert.deepEqual(allowed, [['owner', 'admin', 'member'], ['member'], []]);
});

test('where only admins invite, the owner does, too', () => {
  assert.equal(mayInvite('admins', 'member'), false);
  assert.ok(mayInvite('admins', 'admin') && mayInvite('admins', 'owner') && mayInvite('everyone', 'member'));
});

test('a room goes to the longest-standing admin, else to the longest-standing member', () => {
  const userState = 'active' as const;
  const [old, admin, young] = [
    { id: 1, is_admin: 0 as const, userState },
    { id: 2, is_admin: 1 as const, userState },
    { id: 3, is_admin: 1 as const, userState },
  ];
  assert.equal(heirOf([old, admin, young]), admin);
  assert.equal(heirOf([old]), old);
  assert.equal(heirOf([]), undefined);
});

test('a room goes to nobody whose account is disabled while somebody else is there', () => {
  const gone = { id: 1, is_admin: 1 as const, userState: 'disabled' as const };
  const present = { id: 2, is_admin: 0 as const, userState: 'active' as const };
  assert.equal(heirOf([gone, present]), present);
  assert.equal(heirOf([gone]), gone);
});
