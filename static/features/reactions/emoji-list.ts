/** All emojis with their names in Korean and English. A later piece, and the largest. */
import enRows from 'emoji-picker-element-data/en/cldr/data.json' with { type: 'json' };
import koRows from 'emoji-picker-element-data/ko/cldr/data.json' with { type: 'json' };

export type Emoji = {
  emoji: string;
  group: number;
  /** Of the standard that brought it. */
  version: number;
  names: { ko: string; en: string };
  /** Every word for it in both languages, between bars: `|좋아요|thumbs up|`. */
  words: string;
};

/** Skin tones and other parts of emojis, which are none by themselves. */
const partsGroup = 2;

/** All of them, in the order of the standard. */
export function listEmojis(): readonly Emoji[] {
  const english = new Map(enRows.map((row) => [row.emoji, row]));
  return koRows
    .filter(({ group }) => group !== partsGroup)
    .map(({ emoji, annotation, tags, group, version }) => {
      const { annotation: name = annotation, tags: others = [] } = english.get(emoji) ?? {};
      const words = `|${[annotation, ...tags, name, ...others].join('|')}|`.normalize('NFC').toLowerCase();
      return { emoji, group, version, names: { ko: annotation, en: name }, words };
    });
}
