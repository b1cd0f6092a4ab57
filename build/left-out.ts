/** Parts of libraries that this product never uses, but which their entry files import. */
import type { Plugin } from 'esbuild';

const parts: readonly [importer: RegExp, target: RegExp, standIn: string][] = [
  // WebTransport needs HTTP/3, which the server does not speak; the client asks for WebSocket and polling only
  [/[\\/]engine\.io-client[\\/]/, /\/webtransport\.js$/, 'export const WT = null;'],
  // bytes travel over HTTP, and sealed ones in events are text: a packet with bytes in it is refused as one that is malformed
  [
    /[\\/]socket\.io-parser[\\/]/,
    /\/is-binary\.js$/,
    'export const isBinary = () => false; export const hasBinary = () => false;',
  ],
  [
    /[\\/]socket\.io-parser[\\/]/,
    /\/binary\.js$/,
    'export const deconstructPacket = () => null; export const reconstructPacket = () => null;',
  ],
  [
    /[\\/]engine\.io-parser[\\/]/,
    /\/base64-arraybuffer\.js$/,
    'export const decode = () => new ArrayBuffer(0);',
  ],
  // names of characters (&amp;): a message says what was typed, and the table is larger than the rest of the parser
  [
    /[\\/](?:micromark|mdast-util-from-markdown)/,
    /^decode-named-character-reference$/,
    'export const decodeNamedCharacterReference = () => false;',
  ],
];

export const leftOut = (): Plugin => ({
  name: 'left-out',
  setup: (build) => {
    build.onResolve({ filter: /\.js$|^decode-named-character-reference$/ }, ({ importer, path: target }) => {
      const index = parts.findIndex(([from, part]) => from.test(importer) && part.test(target));
      return index < 0 ? undefined : { path: String(index), namespace: 'left-out' };
    });
    build.onLoad({ filter: /./, namespace: 'left-out' }, ({ path: index }) => ({
      contents: parts[Number(index)]?.[2] ?? '',
    }));
  },
});
