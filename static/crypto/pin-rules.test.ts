import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acknowledgeName, findNameWarnings, pinNames } from './pin-rules.ts';
import { createPins, personOf } from './pins.ts';

const minsu = 'AAAAAAAAAAAAAAAAAAAAAA';
const stranger = 'AAAAAAAAAAAAAAAAAAAAAQ';

test('a name that only looks the same is the same name', () => {
  const pins = createPins();
  acknowledgeName(pins, { userUid: minsu, displayName: '김민수 Kim' }, 1);
  const disguises = [
    '김민수\u200b Kim',
    '김민수 K\u00adim',
    '김민수 Kim\u3164',
    '\u2060김민수 Kim',
    '김민수\ufe0f Kim\u200d',
  ];
  disguises.push(
    '김민수  KIM',
    '김민수 Ｋｉｍ',
    '김민수 Kim'.normalize('NFD'),
    '김민수 Kim\u{e0100}',
    '\u202a김민수 Kim\u202c',
  );
  for (const displayName of disguises) {
    assert.deepEqual(
      findNameWarnings(pins, [{ userUid: stranger, displayName }]),
      [{ kind: 'same-name', userUid: stranger, displayName, otherUid: minsu }],
      JSON.stringify(displayName),
    );
  }
});

test('letters of other scripts that look the same make the same name', () => {
  const disguises = [
    ['Kim Mina', 'Кіm Мinа'],
    ['Kim Mina', 'Κιm Μinα'],
    ['Kim Mina', 'Ｋｉｍ Мｉｎａ'],
    ['Kim Mina', 'KIM MІNА'],
    ['Nova', 'Νοvа'],
    ['Nova', 'NOνа'],
    ['Сергей', 'Cepгей'],
    ['HONG', 'ΗΟΝG'],
    ['hong', 'ΗОNG'],
    // a name of one script is the same with and without capitals, though its letters look like different ones
    ['ΝΙΚΗ', 'νικη'],
    ['Νίκη', 'Nίκη'],
    ['paypal', 'раураӏ'],
  ];
  for (const [name = '', disguise = ''] of disguises) {
    for (const [pinned, displayName] of [
      [name, disguise],
      [disguise, name],
    ] as const) {
      const pins = createPins();
      acknowledgeName(pins, { userUid: minsu, displayName: pinned }, 1);
      const [warning] = findNameWarnings(pins, [{ userUid: stranger, displayName }]);
      assert.equal(warning?.kind, 'same-name', `${pinned} ${displayName}`);
      personOf(pins, stranger);
      assert.equal(pinNames(pins, [{ userUid: stranger, displayName }], 2), false);
    }
  }
});

test('letters that look different make another name', () => {
  const pins = createPins();
  acknowledgeName(pins, { userUid: minsu, displayName: 'Kim Mina' }, 1);
  for (const displayName of ['Кіm Мinя', 'Kim Mína', 'Kim Mira', 'Ким Мина', 'Κim Mλna', '김미나']) {
    assert.deepEqual(findNameWarnings(pins, [{ userUid: stranger, displayName }]), [], displayName);
  }
});

test('another name is another name', () => {
  const pins = createPins();
  acknowledgeName(pins, { userUid: minsu, displayName: '김민수' }, 1);
  assert.deepEqual(findNameWarnings(pins, [{ userUid: stranger, displayName: '김민서' }]), []);
});
