import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { callsMe, findMentions, mentionsIn } from './mention-text.ts';
import type { Callable } from './mention-text.ts';

const callables: Callable[] = [
  { userUid: 'minsu', words: ['김민수', 'minsu.kim'] },
  { userUid: 'min', words: ['김민', 'min'] },
  { userUid: 'alex', words: ['Alex Park', 'alex'] },
  { userUid: 'one', words: ['same.one'] },
  { userUid: null, words: ['all', '모두'] },
];
const called = (text: string): (string | null)[] =>
  findMentions(text, callables).map(({ userUid }) => userUid);

describe('calls in a text', () => {
  test('are found by name and user name, with what Korean puts behind a name', () => {
    assert.deepEqual(called('@김민수 확인 부탁드려요'), ['minsu']);
    assert.deepEqual(called('@김민수님, @김민 씨도 봐 주세요'), ['minsu', 'min']);
    assert.deepEqual(called('(@minsu.kim) @Alex Park 와 @alex'), ['minsu', 'alex', 'alex']);
    assert.deepEqual(called('@모두 회의합니다 @all'), [null, null]);
  });

  test('are not found in addresses, in longer words, or without the sign', () => {
    assert.deepEqual(called('kim@alex.kr'), []);
    assert.deepEqual(called('메일은 a.b@min'), []);
    assert.deepEqual(called('@alexander @allow'), []);
    assert.deepEqual(called('김민수 님'), []);
    assert.deepEqual(called('@ 김민수 @'), []);
    assert.deepEqual(called('가@김민수'), []);
  });

  test('tell the server each person once, never oneself, and nothing where nobody is called', () => {
    assert.deepEqual(mentionsIn('@alex @alex @김민수', callables, 'minsu'), { userUids: ['alex'] });
    assert.deepEqual(mentionsIn('@모두', callables, 'minsu'), { userUids: [], isAll: true });
    assert.equal(mentionsIn('@김민수', callables, 'minsu'), undefined);
    assert.equal(mentionsIn('아무도', callables, 'minsu'), undefined);
  });

  test('call me by name or with everybody, and not by my own message', () => {
    const message = (mentions: Parameters<typeof callsMe>[0]['mentions'], senderUid = 'alex') => ({
      mentions,
      senderUid,
    });
    assert.equal(callsMe(message({ userUids: ['me'] }), 'me'), true);
    assert.equal(callsMe(message({ userUids: [], isAll: true }), 'me'), true);
    assert.equal(callsMe(message({ userUids: ['other'] }), 'me'), false);
    assert.equal(callsMe(message(undefined), 'me'), false);
    assert.equal(callsMe(message({ userUids: [], isAll: true }, 'me'), 'me'), false);
  });
});
