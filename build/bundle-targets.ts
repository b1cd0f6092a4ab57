import type { BuildOptions } from 'esbuild';

/** The oldest browsers that the client supports: Chrome, Edge and Whale 87, Firefox 85, Safari 14. */
export const browserFloor = ['chrome87', 'firefox85', 'safari14'];

/** Safari 14 destructures well; esbuild believes otherwise because of a bug in versions long before, and would refuse. */
export const supportedFeatures = { destructuring: true } as const;

export const clientOptions = {
  bundle: true,
  write: false,
  metafile: true,
  minify: true,
  platform: 'browser',
  target: browserFloor,
  supported: supportedFeatures,
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
  define: { 'process.env.NODE_ENV': '"production"' },
  loader: { '.woff2': 'file', '.svg': 'file', '.png': 'file', '.mp3': 'file', '.ogg': 'file' },
  assetNames: 'assets/[name]-[hash]',
  chunkNames: 'assets/[name]-[hash]',
  entryNames: 'assets/[name]-[hash]',
  publicPath: '/',
} as const satisfies BuildOptions;
