import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { scanText } from './floor-scan.ts';
import { fillPage } from './index-page.ts';

describe('scripts', () => {
  const later: [string, string][] = [
    ['a static block', 'class A { static { globalThis.a = 1; } }'],
    ['a private method', 'class A { #b() {} c() { this.#b(); } } new A();'],
    ['a check for a private name', 'class A { #b = 1; static c(d) { return #b in d; } } A.c(A);'],
    ['a regular expression with lookbehind', 'console.log(/(?<=a)b/.test(globalThis.x));'],
    ['lookbehind made from a string', 'new RegExp("(?<!a)b").test(x);'],
    ['top-level await', 'await globalThis.x;'],
  ];
  for (const [name, code] of later) {
    test(`${name} is found`, async () => assert.equal((await scanText('a.js', code)).length > 0, true));
  }

  test('what the floor knows passes', async () => {
    const code =
      'const {a,...b}=globalThis.c??{};async function*d(){yield a??=[0]}export{b,d};import("./x.js");const e=/(?<y>\\d+)/u;console.log(e,10n)';
    assert.deepEqual(await scanText('a.js', code), []);
  });

  test('an address outside is found, a namespace and a relative one are not', async () => {
    assert.equal((await scanText('a.js', 'fetch("https://cdn.example.com/x.js")')).length, 1);
    assert.equal((await scanText('a.html', '<script src="http://cdn.example.com/x.js"></script>')).length, 1);
    assert.equal((await scanText('a.css', '@import"https://fonts.example.com/css";')).length, 1);
    assert.deepEqual(
      await scanText('a.js', 'd.createElementNS("http://www.w3.org/2000/svg","svg");fetch("/api/x")'),
      [],
    );
  });
});

describe('style sheets', () => {
  const later: [string, string][] = [
    ['flex gap', '.a{display:flex;gap:4px}'],
    [':has', '.a:has(.b){color:red}'],
    [':is', '.a :is(b,i){color:red}'],
    ['a container query', '@container (min-width:1px){.a{color:red}}'],
    ['color-mix without a plain value before it', '.a{color:color-mix(in srgb,red,blue)}'],
    ['dvh without a plain value before it', '@media print{.a{height:100dvh}}'],
    ['nesting', '.a{color:red;& .b{color:blue}}'],
  ];
  for (const [name, css] of later) {
    test(`${name} is found`, async () => assert.equal((await scanText('a.css', css)).length > 0, true));
  }

  test('a later value inside @supports passes', async () => {
    const css = '@media print{@supports (height: 1dvh){.a{height:var(--page,100dvh)}}}';
    assert.deepEqual(await scanText('a.css', css), []);
  });

  test('a later value after one that older browsers keep passes, and so does a gap in a grid', async () => {
    const css =
      '.a{height:100vh;height:100dvh}.b{display:grid;gap:4px}@media (max-width:600px){.c{color:red}}';
    assert.deepEqual(await scanText('a.css', css), []);
  });
});

describe('the page', () => {
  const parts = {
    main: '/m.js',
    preloads: ['/a.js', '/b.js'],
    styles: '/s.css',
    laterStyles: '/l.css',
    fonts: '/f.css',
    cryptoWorker: '/c.js',
    argon2Worker: '/w.js',
  };
  const template =
    '{{main}} {{preloads}} {{styles}} {{laterStyles}} {{fonts}} {{cryptoWorker}} {{argon2Worker}}';

  test('gets every address', () => {
    const page = fillPage('index.html', template, parts);
    for (const address of [
      '/m.js',
      'href="/a.js"',
      'href="/b.js"',
      '/s.css',
      '/l.css',
      '/f.css',
      '/c.js',
      '/w.js',
    ]) {
      assert.ok(page.includes(address), address);
    }
  });

  test('is refused if it forgets a part or asks for one that does not exist', () => {
    assert.throws(
      () => fillPage('index.html', template.replace('{{fonts}}', ''), parts),
      /does not use \{\{fonts\}\}/,
    );
    assert.throws(
      () => fillPage('index.html', `${template} {{other}}`, parts),
      /\{\{other\}\}, which does not exist/,
    );
  });
});
