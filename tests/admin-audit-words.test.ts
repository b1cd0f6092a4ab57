/** Whatever the server writes into its log has words on the administrator's page. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditAction } from '../server/features/audit/audit-log.ts';
import { actionGroups } from '../static/features/admin/audit-sentence.ts';
import type { KnownAction } from '../static/features/admin/audit-sentence.ts';

/** Neither compiles while the server's list or the page's has a line that the other has not. */
const named = (action: AuditAction): KnownAction => action;
const written = (action: KnownAction): AuditAction => action;

test('every action is offered in exactly one group', () => {
  const offered = actionGroups.flatMap(({ actions }) => actions.map(written));
  assert.equal(new Set(offered).size, offered.length);
  assert.deepEqual(offered.map(named), offered);
});
