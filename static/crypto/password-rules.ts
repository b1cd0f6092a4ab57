/** Which passwords are refused: guessing is the only way into a stolen vault (docs/e2e-protocol.md section 3). */

export const shortestPassword = 10;

// What guessing programs try first, and what Korean keyboards make of the usual words. Digits and signs around
// them do not help, so they are taken off before the comparison.
const weakCores = new Set(
  (
    'password passw passwd pass letmein letmeinplease welcome administrator admin adminadmin root toor login changeme ' +
    'changeit default secret topsecret iloveyou ilovekorea sunshine princess football baseball superman batman dragon ' +
    'monkey master trustno test testtest tester testing guest user username qwer qwert qwerty qwertyui qwertyuiop ' +
    'qwerasdf qwerasdfzxcv asdf asdfgh asdfghjk asdfghjkl zxcv zxcvbn zxcvbnm qazwsx qazwsxedc qazwsxedcrfv abc abcd ' +
    'abcdef abcdefg abcdefgh abcdefghij abcdefghijk korea korean seoul samsung daehan daehanminguk hello helloworld ' +
    'computer internet intranet company office maru messenger maeum annyeong saranghae ' +
    'qlalfqjsgh dkssud dkssudgktpdy tkfkdgo tkfkdgody tkfkdgkqslek rhksflwk ghltk eogksalsrnr ekdtls wpgl ' +
    '비밀번호 안녕하세요 사랑해 사랑해요 사랑합니다 관리자 대한민국 회사 마루'
  ).split(' '),
);

const keyRows = [
  '01234567890',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  '1qaz2wsx3edc4rfv5tgb',
];

/** Why a password is refused, or null. `names`: the account's own names, which are guessed first. */
export function passwordWeakness(password: string, names: string[]): 'SHORT' | 'KNOWN' | null {
  const text = password.normalize('NFKC');
  if (Array.from(text).length < shortestPassword) return 'SHORT';
  const lower = text.toLowerCase();
  if (new Set(lower).size < 4 || isRepetition(lower) || isKeyRow(lower)) return 'KNOWN';
  const core = lower.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  const plain = unmask(core);
  if (core === '' && isKeyRow(lower.replace(/\D/g, ''))) return 'KNOWN';
  if (weakCores.has(core) || weakCores.has(plain) || isRepetition(core)) return 'KNOWN';
  const ownNames = names
    .map((name) => name.normalize('NFKC').toLowerCase())
    .filter((name) => name.length > 1);
  return ownNames.some((name) => core === name || lower === name.repeat(2)) ? 'KNOWN' : null;
}

/** Whether it is a short piece again and again: `abcabcabcabc`, `1q2w1q2w1q2w`. */
function isRepetition(text: string): boolean {
  for (let length = 1; length <= 5 && length * 2 <= text.length; length += 1) {
    const piece = text.slice(0, length);
    if (piece.repeat(Math.ceil(text.length / length)).slice(0, text.length) === text) return true;
  }
  return false;
}

/** Whether it runs along the keyboard, the alphabet or the digits, forwards or back, possibly more than once. */
function isKeyRow(text: string): boolean {
  return (
    keyRows.some((row) => {
      const rows = row.repeat(3);
      const back = Array.from(rows).reverse().join('');
      return text.length > 0 && (rows.includes(text) || back.includes(text));
    }) ||
    (/^(1q2w3e4r5t|q1w2e3r4t5|1q2w3e4r|q1w2e3r4)/.test(text) && text.length <= 14)
  );
}

const masks: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '@': 'a',
  $: 's',
  '!': 'i',
};
const unmask = (text: string): string => Array.from(text, (letter) => masks[letter] ?? letter).join('');
