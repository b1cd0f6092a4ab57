import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { desktopWords, languageOf, say } from './desktop-words.ts';
import { actionsFor } from './problem-actions.ts';
import { knownProblems, problemText } from './problem-words.ts';

/** The server's own list, as text: main imports no server code, and a code that is new there must not go unnoticed here. */
function serverCodes(): string[] {
  const text = readFileSync(path.join(import.meta.dirname, '../server/startup-error.ts'), 'utf8');
  const union = /export type StartupCode =([^;]+);/.exec(text)?.[1] ?? '';
  return [...union.matchAll(/'(\w+)'/g)].map(([, code = '']) => code);
}

/** About the installed program itself, or only ever met by a backup or restore that somebody asked for. */
const withoutWords = [
  'WRONG_NODE',
  'SQLITE_TOO_OLD',
  'BUNDLE_MISSING',
  'BACKUP_DAMAGED',
  'BACKUP_EXISTS',
  'BACKUP_NOT_FOUND',
];

describe('a problem', () => {
  test('of every code that the server has is told in words of its own', () => {
    const codes = serverCodes();
    assert.ok(codes.length > 15);
    assert.deepEqual(
      codes.filter((code) => !knownProblems.includes(code) && !withoutWords.includes(code)),
      [],
    );
  });

  test('is told in both languages, without a hole where a fact is missing', () => {
    for (const code of [...knownProblems, 'SERVER_NOT_STARTED']) {
      const ko = problemText(code, { path: '/d', port: 5000 }, 'ko');
      const en = problemText(code, { path: '/d', port: 5000 }, 'en');
      assert.match(ko.sentence, /[가-힣]/, code);
      assert.doesNotMatch(en.sentence + en.advice, /[가-힣]|--\w/, code);
      assert.ok(ko.advice.length > 5 && en.advice.length > 5, code);
    }
  });

  test('always has something that can be done about it', () => {
    for (const code of [...serverCodes(), ...knownProblems]) assert.ok(actionsFor(code, {}).length > 0, code);
  });

  test('of a taken port offers the free one first', () => {
    assert.deepEqual(actionsFor('PORT_TAKEN', { port: 5000, freePort: 5003 }), [
      { kind: 'use-port', port: 5003 },
      { kind: 'retry' },
    ]);
  });

  test('of a damaged database offers a backup first, and its folder before an empty start', () => {
    const kinds = actionsFor('DATABASE_CORRUPT', { path: '/d/maru.db' }).map(({ kind }) => kind);
    assert.deepEqual(kinds, ['restore-backup', 'open-folder', 'start-empty', 'retry']);
  });

  test('of any other kind never offers an empty start', () => {
    for (const code of serverCodes().filter((each) => each !== 'DATABASE_CORRUPT')) {
      assert.ok(!actionsFor(code, { path: '/d' }).some(({ kind }) => kind === 'start-empty'), code);
    }
  });
});

describe('words', () => {
  test('have the same holes in both languages', () => {
    const holes = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
    for (const { ko, en } of Object.values(desktopWords)) assert.deepEqual(holes(ko), holes(en));
    assert.equal(say('usePort', 'en', { port: 5001 }), 'Use port 5001');
  });

  test('come in the chosen language, else in the system’s, else in English', () => {
    assert.equal(languageOf('ko', ['en-US']), 'ko');
    assert.equal(languageOf('system', ['ko-KR', 'en-US']), 'ko');
    assert.equal(languageOf('system', ['fr-FR', 'ko']), 'ko');
    assert.equal(languageOf('system', ['de-DE']), 'en');
    assert.equal(languageOf('system', []), 'en');
  });
});
