import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServerAuditEntry } from '#contract/admin-people.ts';
import { wholeAdminLocale } from '../../locales/whole-admin-locale.ts';
import { actionGroups, actionName, auditSentence } from './audit-sentence.ts';

const uid = 'AAAAAAAAAAAAAAAAAAAAAA';
const entry = (change: Partial<ServerAuditEntry>): ServerAuditEntry => ({
  id: 7,
  at: 1_795_161_600_000,
  actorUid: uid,
  actor: '김앨리스',
  action: 'account-approved',
  subject: uid,
  subjectName: '이밥',
  details: {},
  ...change,
});
const korean = wholeAdminLocale('ko');
const english = wholeAdminLocale('en');

test('every action has a name and a sentence in both languages, with nothing left to fill in', () => {
  const actions = actionGroups.flatMap((group) => [...group.actions]);
  assert.equal(new Set(actions).size, actions.length);
  for (const locale of [korean, english]) {
    for (const action of actions) {
      const sentence = auditSentence(locale, entry({ action, details: { note: 'a' } }));
      assert.doesNotMatch(sentence, /[{}]|undefined/);
      assert.notEqual(sentence, locale.say('adminAudit.other', { actor: '김앨리스', action }));
      assert.notEqual(actionName(locale, action), '');
    }
  }
});

test('the machine, a deleted account and an action of a later version have words, too', () => {
  assert.equal(
    auditSentence(korean, entry({ actorUid: 'cli', actor: '' })),
    '명령줄에서 이밥 님의 가입을 승인했습니다.',
  );
  assert.equal(
    auditSentence(korean, entry({ actorUid: 'host', actor: '' })),
    '이 컴퓨터에서 이밥 님의 가입을 승인했습니다.',
  );
  assert.equal(
    auditSentence(korean, entry({ actor: '', subjectName: '' })),
    '삭제된 계정의 사용자가 삭제된 계정의 가입을 승인했습니다.',
  );
  assert.equal(auditSentence(english, entry({ action: 'moon-landed' })), '김앨리스: moon-landed');
});

test('a sentence says what was chosen, in words and not in codes', () => {
  const said = (action: string, details: Record<string, string>): string =>
    auditSentence(korean, entry({ action, details }));
  assert.match(said('sign-up-changed', { signUp: 'approval' }), /승인 후$/);
  assert.match(said('server-role-changed', { role: 'admin' }), /관리자$/);
  assert.match(
    said('policies-changed', { readReceipts: 'sender', recallHours: '24' }),
    /읽음 표시: 보낸 사람만, 메시지 회수: 1일$/,
  );
  assert.match(said('room-policies-changed', { roomUid: uid, post: 'admins' }), /글쓰기: 방장·관리자$/);
  assert.match(said('account-registered', { state: 'pending' }), /신청했습니다/);
  assert.match(said('reset-code-made', { isDeviceLost: 'true' }), /모든 방에서 나가게/);
  assert.doesNotMatch(said('reset-code-made', { isDeviceLost: 'false' }), /모든 방/);
});
