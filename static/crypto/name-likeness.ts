/** Which names look alike (docs/e2e-protocol.md section 7). */

// What a reader cannot see; a server may send any of it, whatever it took at registration.
const invisible = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/**
 * Cyrillic and Greek letters by the Latin one that they are drawn like: of Unicode's confusables (UTS #39) those of the
 * alphabets in use. Small and capital letters stand apart, because some are like different ones: Ν is an N, ν a v. Fullwidth
 * letters are not here: NFKC makes them plain.
 */
const lookalikes: Readonly<Record<string, string>> = {
  a: 'АаΑα',
  b: 'ВвΒβ',
  c: 'СсϹϲ',
  d: 'Ԁԁ',
  e: 'ЕеΕε',
  g: 'Ԍԍ',
  h: 'НнҺһΗ',
  i: 'ІіΙι',
  j: 'Јјϳ',
  k: 'КкΚκ',
  l: 'Ӏӏ',
  m: 'МмΜ',
  n: 'Νη',
  o: 'ОоΟο',
  p: 'РрΡρ',
  q: 'Ԛԛ',
  s: 'Ѕѕ',
  t: 'ТтΤτ',
  u: 'υ',
  v: 'Ѵѵν',
  w: 'Ԝԝω',
  x: 'ХхΧχ',
  y: 'УуҮүΥγ',
  z: 'Ζ',
};

const latinByLookalike = new Map(
  Object.entries(lookalikes).flatMap(([latin, others]) =>
    Array.from(others, (other) => [other, latin] as const),
  ),
);

/**
 * What a name is compared by, two texts at most: to a reader, names that have one of them in common are the same. One is the
 * name without case, the other has Latin letters in the place of what looks like them. None for a name that shows nothing.
 */
export function likenesses(name: string): string[] {
  const visible = name.normalize('NFKC').replace(/\s+/g, ' ').replace(invisible, '').trim();
  if (visible === '') return [];
  const drawn = visible.replace(/\p{L}/gu, (letter) => latinByLookalike.get(letter) ?? letter);
  return [...new Set([visible.toLowerCase(), drawn.toLowerCase()])];
}
