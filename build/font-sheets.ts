/** The font's list of pieces, in two style sheets: what Korean text mostly needs, and the rest. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** A style sheet before it is bundled: its text, its name, and where its addresses lead from. */
export type SheetSource = { contents: string; sourcefile: string; resolveDir: string };

/** Pretendard's pieces come by frequency, the most frequent last: these hold Latin and the 1,023 commonest syllables. */
const firstFrequentPiece = 80;

/**
 * `fonts.css` is loaded first, `fonts-rare.css` (rare syllables, Chinese characters; two thirds of the bytes) when there is
 * time: the list of ranges alone is as large as all other styles.
 */
export function fontSheets(): [frequent: SheetSource, rare: SheetSource] {
  const file = createRequire(import.meta.url).resolve(
    'pretendard/dist/web/variable/pretendardvariable-dynamic-subset.css',
  );
  const faces = readFileSync(file, 'utf8').match(/@font-face\s*\{[^}]*\}/g) ?? [];
  const isFrequent = (face: string): boolean =>
    Number(/subset\.(\d+)\./.exec(face)?.[1]) >= firstFrequentPiece;
  const sheet = (sourcefile: string, pieces: readonly string[]): SheetSource => ({
    contents: pieces.join('\n'),
    sourcefile,
    resolveDir: path.dirname(file),
  });
  return [
    sheet('fonts.css', faces.filter(isFrequent)),
    sheet(
      'fonts-rare.css',
      faces.filter((face) => !isFrequent(face)),
    ),
  ];
}
