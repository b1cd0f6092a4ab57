/**
 * Runs before the app's own bundle in plain Node (`node --import`): `electron` becomes the stand-in, and a spec gets a line
 * into this process over which it evaluates functions, as Playwright lets it do in Electron.
 */
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import { installProbe } from '../probe.ts';
import { debuggingAddress } from './chromium.ts';
import { standIn } from './electron.ts';

const address = pathToFileURL(path.join(import.meta.dirname, 'electron.ts')).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: address, shortCircuit: true } : next(specifier, context),
});
installProbe(standIn);

type Ask = { id: number; source: string; argument: unknown };

process.on('message', ({ id, source, argument }: Ask) => {
  // only the spec that started this process can say anything here
  // oxlint-disable-next-line no-eval -- as Playwright does it in Electron
  const run = (0, eval)(`(${source})`) as (electron: unknown, argument: unknown) => unknown;
  const answer = (message: object): void => void process.send?.({ id, ...message });
  Promise.resolve()
    .then(() => run({ ...standIn, debuggingAddress }, argument))
    .then(
      (value) => answer({ value }),
      (error: unknown) =>
        answer({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
});
// the line to the spec must not keep an app alive that wants to end
process.channel?.unref();
