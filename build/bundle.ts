/** Bundles server, client and desktop app into `dist/`. `npm start` runs it when sources have changed; `npm run bundle` always. */
import path from 'node:path';
import { manifestName } from '../server/static-manifest.ts';
import { bundleClient } from './client-bundle.ts';
import { bundleMain, bundleWindow } from './desktop-bundle.ts';
import { bundleServer } from './server-bundle.ts';
import { withManifest, writeOutput } from './write-output.ts';

const root = path.resolve(import.meta.dirname, '..');
const startedAt = performance.now();
const [server, client, main, window] = await Promise.all([
  bundleServer(root),
  bundleClient(root),
  bundleMain(root),
  bundleWindow(root),
]);
writeOutput(path.join(root, 'dist', 'server'), server.files);
writeOutput(path.join(root, 'dist', 'static'), withManifest(client.files, manifestName));
writeOutput(path.join(root, 'dist', 'main'), main.files);
writeOutput(path.join(root, 'dist', 'renderer'), window.files);
console.log(`bundled in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
