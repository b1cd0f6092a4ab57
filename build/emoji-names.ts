/** Of the names of emojis the client needs a few fields; the rest (short codes, skin tones, …) would triple what is loaded. */
import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

const kept = ['emoji', 'annotation', 'tags', 'group', 'version'];

export const emojiNames = (): Plugin => ({
  name: 'emoji-names',
  setup: (build) => {
    build.onLoad({ filter: /emoji-picker-element-data[\\/].*[\\/]data\.json$/ }, ({ path: file }) => ({
      contents: JSON.stringify(JSON.parse(readFileSync(file, 'utf8'), keptOnly)),
      loader: 'json',
    }));
  },
});

/** A reviver: elements of arrays stay, fields of objects only if they are named above. */
function keptOnly(this: unknown, key: string, value: unknown): unknown {
  return Array.isArray(this) || key === '' || kept.includes(key) ? value : undefined;
}
