/** The oldest browsers that Maru promises: everything that came later is deleted before the page and its workers run. */
import type { BrowserContext } from '@playwright/test';
import { alice, bob, expect, test } from './office.ts';

/**
 * Built-ins that Chrome 87, Firefox 85 or Safari 14.0 lack. Only own properties of globals and prototypes: what a page can
 * test for, a missing one is noticed in the same way.
 */
const deleteLaterBuiltIns = `(() => {
  const drop = (owner, names) => { for (const name of names) { try { if (owner) delete owner[name]; } catch {} } };
  const g = globalThis;
  drop(g, ['structuredClone', 'WeakRef', 'FinalizationRegistry', 'BroadcastChannel', 'CompressionStream',
    'DecompressionStream', 'Iterator', 'AsyncDisposableStack', 'DisposableStack', 'SuppressedError', 'scheduler', 'TaskController',
    'requestIdleCallback', 'cancelIdleCallback', 'reportError', 'EditContext', 'Highlight', 'CSSLayerBlockRule', 'navigation',
    'trustedTypes', 'URLPattern', 'CookieStore', 'cookieStore', 'ViewTransition', 'Sanitizer', 'launchQueue']);
  drop(Array.prototype, ['at', 'findLast', 'findLastIndex', 'toSorted', 'toReversed', 'toSpliced', 'with']);
  drop(Object.getPrototypeOf(Int8Array.prototype), ['at', 'findLast', 'findLastIndex', 'toSorted', 'toReversed', 'with']);
  drop(Uint8Array.prototype, ['toBase64', 'toHex', 'setFromBase64', 'setFromHex']);
  drop(Uint8Array, ['fromBase64', 'fromHex']);
  drop(String.prototype, ['at', 'isWellFormed', 'toWellFormed']);
  drop(Object, ['hasOwn', 'groupBy']);
  drop(Map, ['groupBy']); drop(Map.prototype, ['getOrInsert', 'getOrInsertComputed']);
  drop(Array, ['fromAsync']);
  drop(Promise, ['withResolvers', 'try']);
  drop(Set.prototype, ['union', 'intersection', 'difference', 'symmetricDifference', 'isSubsetOf', 'isSupersetOf', 'isDisjointFrom']);
  drop(RegExp, ['escape']); drop(Math, ['sumPrecise', 'f16round']); drop(Error, ['isError']);
  drop(ArrayBuffer.prototype, ['transfer', 'transferToFixedLength', 'resize', 'resizable', 'maxByteLength', 'detached']);
  drop(g.Atomics, ['waitAsync']);
  drop(Intl, ['ListFormat', 'Segmenter', 'DurationFormat', 'supportedValuesOf']);
  drop(g.AbortSignal, ['timeout', 'any', 'abort']);
  drop(g.AbortSignal && g.AbortSignal.prototype, ['throwIfAborted', 'reason']);
  drop(g.Crypto && g.Crypto.prototype, ['randomUUID', 'subtle']);
  drop(g.Navigator && g.Navigator.prototype, ['locks', 'userAgentData', 'clipboard', 'serviceWorker', 'scheduling', 'virtualKeyboard', 'storage', 'share', 'wakeLock']);
  drop(g.WorkerNavigator && g.WorkerNavigator.prototype, ['locks', 'userAgentData', 'storage']);
  drop(g.Element && g.Element.prototype, ['setHTMLUnsafe', 'setHTML', 'getHTML', 'moveBefore']);
  drop(g.HTMLElement && g.HTMLElement.prototype, ['inert', 'showPopover', 'hidePopover', 'togglePopover', 'popover']);
  drop(g.HTMLDialogElement && g.HTMLDialogElement.prototype, ['showModal', 'show', 'close', 'requestClose']);
  drop(g.HTMLFormElement && g.HTMLFormElement.prototype, ['requestSubmit']);
  drop(g.Document && g.Document.prototype, ['startViewTransition', 'adoptedStyleSheets']);
  drop(g.IDBFactory && g.IDBFactory.prototype, ['databases']);
  drop(g.IDBTransaction && g.IDBTransaction.prototype, ['durability']);
  drop(g.Blob && g.Blob.prototype, ['bytes']);
  drop(g.CSS, ['registerProperty', 'highlights']);
})();\n`;

async function ageBrowser(context: BrowserContext): Promise<void> {
  await context.addInitScript(deleteLaterBuiltIns);
  // init scripts do not run in workers: their source gets the same beginning
  await context.route(/worker[^/]*\.js$/, async (route) => {
    const url = new URL(route.request().url());
    // the address of the LAN is mapped in the browser only
    url.hostname = '127.0.0.1';
    const response = await fetch(url);
    const headers = Object.fromEntries(response.headers);
    delete headers['content-encoding'];
    delete headers['content-length'];
    await route.fulfill({
      status: response.status,
      headers,
      body: deleteLaterBuiltIns + (await response.text()),
    });
  });
}

test('two people talk in browsers that lack everything later than the floor', async ({ maru, open }) => {
  const problems: string[] = [];
  const prepare = async (context: BrowserContext): Promise<void> => {
    await ageBrowser(context);
    context.on('weberror', (error) => void problems.push(String(error.error())));
    context.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
  };
  const anna = await open(alice, { prepare });
  expect(await anna.page.evaluate(() => 'locks' in navigator || 'BroadcastChannel' in globalThis)).toBe(
    false,
  );
  await anna.signUp({ setUpCode: maru.setUpCode, sheet: 'typed' });
  const ben = await open(bob, { prepare, language: 'en' });
  await ben.signUp();
  await anna.startWith([bob]);
  await anna.say('오래된 브라우저에서도 됩니다');
  await ben.openRoom(alice.displayName);
  await ben.sees('오래된 브라우저에서도 됩니다');
  await ben.say('it works here, too');
  await anna.sees('it works here, too');
  await ben.page.reload();
  await ben.openRoom(alice.displayName);
  await ben.sees('it works here, too');
  expect(problems.filter((problem) => !/favicon|status of 401/.test(problem))).toEqual([]);
});
