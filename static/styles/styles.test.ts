import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const folder = path.resolve(import.meta.dirname, '..');
const tokens = readFileSync(path.join(folder, 'styles/tokens.css'), 'utf8');

const valuesOf = (block: string): Map<string, string> =>
  new Map(
    [...block.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name = '', value = '']) => [name, value.trim()]),
  );

const blockAfter = (start: string): string => {
  const from = tokens.indexOf('{', tokens.indexOf(start)) + 1;
  return tokens.slice(from, tokens.indexOf('}', from));
};

const light = valuesOf(blockAfter(':root {'));
const darkBySystem = valuesOf(blockAfter(":root:not([data-theme='light'])"));
const darkByChoice = valuesOf(blockAfter(":root[data-theme='dark']"));

test('dark is the same whether the system or the user chose it', () => {
  assert.deepEqual(darkByChoice, darkBySystem);
  assert.ok(darkByChoice.size > 20);
});

function luminance(hex: string): number {
  assert.match(hex, /^#[0-9a-f]{6}$/);
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(left: string, right: string): number {
  const [brighter = 0, darker = 0] = [luminance(left), luminance(right)].sort((a, b) => b - a);
  return (brighter + 0.05) / (darker + 0.05);
}

const grounds = ['paper', 'surface', 'sunken', 'hover'];
const textPairs: readonly (readonly [text: string, ground: string])[] = [
  ...['ink', 'ink-2', 'ink-3'].flatMap((text) => grounds.map((ground) => [text, ground] as const)),
  ...['paper', 'surface', 'sunken'].flatMap((ground) =>
    ['pine', 'amber', 'rose'].map((text) => [text, ground] as const),
  ),
  ['ink', 'theirs'],
  ['pine', 'theirs'],
  ['amber', 'theirs'],
  ['ink-3', 'theirs'],
  ['mine-ink', 'mine'],
  ['mine-link', 'mine'],
  ['pine-ink', 'pine'],
  ['pine-ink', 'pine-strong'],
  ['rose-ink', 'rose'],
  ['rose-ink', 'rose-strong'],
  ['badge-ink', 'badge'],
  ['pine', 'pine-soft'],
  ['amber', 'amber-soft'],
  ['rose', 'rose-soft'],
  ['ink', 'rose-soft'],
  ['paper', 'ink'],
  ...Array.from({ length: 12 }, (_, index) => ['avatar-ink', `avatar-${index + 1}`] as const),
];

for (const [theme, values] of [
  ['light', light],
  ['dark', new Map([...light, ...darkByChoice])],
] as const) {
  test(`text stands out from its ground by 4.5 : 1 (${theme})`, () => {
    for (const [text, ground] of textPairs) {
      const found = contrast(values.get(text) ?? '', values.get(ground) ?? '');
      assert.ok(found >= 4.5, `${text} on ${ground}: ${found.toFixed(2)}`);
    }
  });

  test(`boxes and the focus ring stand out by 3 : 1 (${theme})`, () => {
    for (const ground of ['paper', 'surface', 'sunken']) {
      for (const line of ['focus', 'field-line']) {
        const found = contrast(values.get(line) ?? '', values.get(ground) ?? '');
        assert.ok(found >= 3, `${line} on ${ground}: ${found.toFixed(2)}`);
      }
    }
  });
}

test('no style sheet but the tokens names a colour', () => {
  const sheets = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.css'),
  );
  assert.ok(sheets.length > 6);
  for (const name of sheets) {
    if (name.endsWith('tokens.css')) continue;
    const text = readFileSync(path.join(folder, name), 'utf8').replace(/mask-image:[^;]+;/g, '');
    assert.doesNotMatch(text, /#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(/i, name);
  }
});
