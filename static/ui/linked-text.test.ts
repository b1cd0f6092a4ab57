import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitLinks } from './linked-text.ts';

const linksOf = (text: string) =>
  splitLinks(text).flatMap((part) => (part.kind === 'link' ? [part.text] : []));

test('http and https addresses become links, nothing else does', () => {
  assert.deepEqual(linksOf('보세요 http://192.168.0.7:8080/a?b=1#c 그리고 https://example.com'), [
    'http://192.168.0.7:8080/a?b=1#c',
    'https://example.com',
  ]);
  assert.deepEqual(linksOf('javascript:alert(1) ftp://a.b data:text/html,x example.com'), []);
});

test('Korean particles and punctuation stay outside', () => {
  assert.deepEqual(linksOf('http://maru.local:5000에서 보세요.'), ['http://maru.local:5000']);
  assert.deepEqual(linksOf('(https://example.com/a_(b)), https://example.com/c.'), [
    'https://example.com/a_(b)',
    'https://example.com/c',
  ]);
});

test('marks of formatting at the end stay outside, those within do not', () => {
  assert.deepEqual(linksOf('**https://a.kr/b_c*d**는 ~~(http://c.kr/e~f)~~'), [
    'https://a.kr/b_c*d',
    'http://c.kr/e~f',
  ]);
});

test('an address that begins with www. needs no scheme', () => {
  const hrefs = (text: string) =>
    splitLinks(text).flatMap((part) => (part.kind === 'link' ? [[part.text, part.href]] : []));
  assert.deepEqual(hrefs('www.naver.com에서 보고 (www.Maru.co.kr/a?b#c), WWW.A.KR.'), [
    ['www.naver.com', 'http://www.naver.com/'],
    ['www.Maru.co.kr/a?b#c', 'http://www.maru.co.kr/a?b#c'],
    ['WWW.A.KR', 'http://www.a.kr/'],
  ]);
  assert.deepEqual(linksOf('여기www.naver.com:8080/한글'), ['www.naver.com:8080/']);
  assert.deepEqual(linksOf('http://www.naver.com'), ['http://www.naver.com']);
});

test('what only contains www. is no address', () => {
  const texts = [
    'www.naver',
    'www.',
    'www...',
    'awww.so.cute',
    'me@www.a.kr',
    'a.www.b.kr',
    'ftp://www.a.kr',
  ];
  assert.deepEqual(linksOf(texts.join(' ')), []);
  assert.deepEqual(linksOf('www.bank.kr@evil.example www.a.kr:x www.-.kr'), []);
});

test('an address with a user name in it is not opened', () => {
  assert.deepEqual(linksOf('https://bank.example@evil.example/'), []);
});

test('the pieces together are the text', () => {
  const text = '앞 https://a.kr/b, 뒤\nhttp://c.kr';
  assert.equal(
    splitLinks(text)
      .map((part) => part.text)
      .join(''),
    text,
  );
});
