/** Whatever the server writes into its log has words on the administrator's page. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditAction } from '../server/features/audit/audit-log.ts';
import { actionGroups } from '../static/features/admin/audit-sentence.ts';
import type { KnownAction } from '../static/features/admin/audit-sentence.ts';

type Unnamed = Exclude<AuditAction, KnownAction>;
type NeverWritten = Exclude<KnownAction, AuditAction>;

/** Does not compile while the server's list and the page's have a line that the other has not. */
const nothingIsMissing = (action: Unnamed | NeverWritten): never => action;

test('every action is offered in exactly one group', () => {
  const offered: readonly AuditAction[] = actionGroups.flatMap(({ actions }) => [...actions]);
  assert.equal(new Set(offered).size, offered.length);
  assert.equal(nothingIsMissing.length, 1);
});
