/** Windows as pages of a real Chromium, with the real preload in a world of its own. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { BrowserWindowConstructorOptions } from 'electron';
import type { CDPSession, Page } from '@playwright/test';
import type {
  AdminBrowserWindow,
  Contents,
  ContentsEvents,
  Frame,
  WindowEvents,
} from '../../../main/electron-api.ts';
import { app } from './app.ts';
import { browserContext } from './chromium.ts';
import { createEmitter, preventable } from './emitter.ts';
import { answerMessage, ipcCodec } from './ipc.ts';
import { bindingName, inboxName, preloadWorld, worldScripts } from './page-worlds.ts';
import { fromChromium, sessionOf, toChromium } from './sessions.ts';

type Inside = { page: Page; cdp: CDPSession; loaded: Promise<void> };
type FrameTree = { frame: { id: string; url: string; urlFragment?: string }; childFrames?: FrameTree[] };

export type StandInWindow = AdminBrowserWindow & {
  options: BrowserWindowConstructorOptions;
  state: { isFocused: boolean; isMinimized: boolean };
  /** Evaluates in the preload's world of the first child frame, as a page that took over its process could. */
  invokeInSubframe(channel: string, input: unknown): Promise<unknown>;
};

const windows = new Set<StandInWindow>();
let lastId = 0;

function open(options: BrowserWindowConstructorOptions): StandInWindow {
  const preferences = options.webPreferences ?? {};
  refuseUnsafe(preferences);
  const session = sessionOf(preferences.partition ?? '');
  const events = createEmitter<WindowEvents>();
  const contentEvents = createEmitter<ContentsEvents>();
  const worlds = new Map<number, string>(); // execution context → frame
  let url = '';
  let isLoading = false;
  let isGone = false;
  let isShown = options.show !== false;
  let openHandler: ((details: { url: string }) => { action: 'deny' }) | null = null;
  let expected: string | null = null;
  const state = { isFocused: false, isMinimized: false };

  const inside = start();
  inside.catch((error: unknown) => process.stderr.write(`stand-in: ${String(error)}\n`));

  async function start(): Promise<Inside> {
    const context = await browserContext(`${app.getPath('userData')}/chromium`, app.switches);
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    const scripts = worldScripts(
      readFileSync(preferences.preload ?? '', 'utf8'),
      randomBytes(16).toString('hex'),
    );
    cdp.on('Runtime.executionContextCreated', ({ context: created }) => {
      if (created.name !== preloadWorld) return;
      worlds.set(created.id, (created.auxData as { frameId: string }).frameId);
    });
    cdp.on('Runtime.executionContextDestroyed', ({ executionContextId }) =>
      worlds.delete(executionContextId),
    );
    cdp.on(
      'Runtime.bindingCalled',
      ({ executionContextId, payload }) => void hear(cdp, executionContextId, payload),
    );
    // a document that takes another's place ends all of its worlds at once
    cdp.on('Runtime.executionContextsCleared', () => worlds.clear());
    await cdp.send('Page.enable');
    await cdp.send('Runtime.enable');
    await cdp.send('Runtime.addBinding', { name: bindingName, executionContextName: preloadWorld });
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: scripts.page });
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', {
      source: scripts.preload,
      worldName: preloadWorld,
    });
    await page.route('**/*', async (route) => {
      const request = route.request();
      const target = fromChromium(request.url());
      if (request.isNavigationRequest() && !isAllowed(target, request.frame() === page.mainFrame())) {
        return route.abort('aborted');
      }
      return session.answer(route);
    });
    page.on('popup', (popup) => {
      openHandler?.({ url: popup.url() });
      void popup.close();
    });
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame()) url = fromChromium(frame.url());
    });
    page.on('crash', () => contentEvents.emit('render-process-gone', {}, { reason: 'crashed' }));
    page.on('close', close);
    return { page, cdp, loaded: Promise.resolve() };
  }

  /** A page that goes somewhere by itself is asked about; what the app loads is not. */
  function isAllowed(target: string, isMainFrame: boolean): boolean {
    if (isMainFrame && expected === target.split('#')[0]) return true;
    const frameEvent = preventable({ url: target, isMainFrame });
    contentEvents.emit('will-frame-navigate', frameEvent);
    if (!isMainFrame) return !frameEvent.isPrevented;
    const event = preventable({ url: target });
    contentEvents.emit('will-navigate', event);
    return !event.isPrevented && !frameEvent.isPrevented;
  }

  async function frameOf(cdp: CDPSession, contextId: number): Promise<Frame | null> {
    const wanted = worlds.get(contextId);
    const { frameTree } = (await cdp.send('Page.getFrameTree')) as { frameTree: FrameTree };
    const find = (tree: FrameTree, parent: Frame | null): Frame | null => {
      const address = fromChromium(tree.frame.url) + (tree.frame.urlFragment ?? '');
      const frame: Frame = { url: address, origin: originOf(address), parent };
      if (tree.frame.id === wanted) return frame;
      return tree.childFrames?.map((child) => find(child, frame)).find((found) => found !== null) ?? null;
    };
    return find(frameTree, null);
  }

  async function hear(cdp: CDPSession, contextId: number, payload: string): Promise<void> {
    const answer = await answerMessage(payload, webContents, await frameOf(cdp, contextId));
    await deliver(cdp, contextId, answer);
  }

  async function deliver(cdp: CDPSession, contextId: number, text: string): Promise<void> {
    const expression = `${inboxName}(${JSON.stringify(text)})`;
    // a page that is gone meanwhile hears nothing
    await cdp.send('Runtime.evaluate', { contextId, expression }).catch(() => undefined);
  }

  async function topWorld({ cdp }: Inside): Promise<number | undefined> {
    const { frameTree } = (await cdp.send('Page.getFrameTree')) as { frameTree: FrameTree };
    return [...worlds].find(([, frameId]) => frameId === frameTree.frame.id)?.[0];
  }

  async function deliverToTop(text: string): Promise<void> {
    const present = await inside;
    const contextId = await topWorld(present).catch(() => undefined);
    if (contextId !== undefined) await deliver(present.cdp, contextId, text);
  }

  async function closePage(): Promise<void> {
    const { page } = await inside;
    await page.close();
  }

  function close(): void {
    if (isGone) return;
    isGone = true;
    windows.delete(window);
    events.emit('closed');
    if (windows.size === 0) app.emit('window-all-closed');
  }

  const webContents: Contents = {
    id: (lastId += 1),
    on: contentEvents.on,
    get mainFrame() {
      return { url, origin: originOf(url), parent: null };
    },
    isDestroyed: () => isGone,
    isLoading: () => isLoading,
    getURL: () => url,
    async loadURL(target) {
      const { page } = await inside;
      isLoading = true;
      [expected = null] = target.split('#');
      await page.goto(toChromium(target)).finally(() => {
        isLoading = false;
        expected = null;
      });
    },
    send(channel, ...args) {
      // cloned at once, as Electron does: what changes afterwards does not arrive
      const text = ipcCodec.encode({ type: 'event', channel, args });
      void deliverToTop(text);
    },
    setWindowOpenHandler: (handler) => void (openHandler = handler),
  };

  const window: StandInWindow = {
    options,
    state,
    webContents,
    on: events.on,
    isDestroyed: () => isGone,
    isVisible: () => isShown && !isGone,
    isMinimized: () => state.isMinimized,
    restore: () => void (state.isMinimized = false),
    show: () => void (isShown = true),
    focus: () => void (state.isFocused = true),
    setMenu: () => undefined,
    destroy() {
      close();
      void closePage();
    },
    async invokeInSubframe(channel, input) {
      const { cdp } = await inside;
      const { frameTree } = (await cdp.send('Page.getFrameTree')) as { frameTree: FrameTree };
      const child = frameTree.childFrames?.[0]?.frame.id;
      const contextId = [...worlds].find(([, frameId]) => frameId === child)?.[0];
      if (contextId === undefined) throw new Error('there is no child frame');
      const expression = `standInIpc.invoke(${JSON.stringify(channel)}, ${JSON.stringify(input) ?? 'undefined'})`;
      const { result } = await cdp.send('Runtime.evaluate', {
        contextId,
        expression,
        awaitPromise: true,
        returnByValue: true,
      });
      return result.value;
    },
  };
  windows.add(window);
  app.emit('web-contents-created', {}, webContents);
  return window;
}

/** Electron does what it is told; the app must not tell it any of these. */
function refuseUnsafe({
  sandbox,
  contextIsolation,
  nodeIntegration,
  webSecurity,
  preload,
}: Preferences): void {
  const isSafe = sandbox === true && contextIsolation === true && !nodeIntegration && webSecurity !== false;
  if (!isSafe || preload === undefined) throw new Error('a window without sandbox, isolation or preload');
}

type Preferences = NonNullable<BrowserWindowConstructorOptions['webPreferences']>;

function originOf(url: string): string {
  const [, origin = 'null'] = /^(\w+:\/\/[^/]*)/.exec(url) ?? [];
  return origin;
}

/** `new BrowserWindow(…)`: a function that returns an object may be constructed. */
export const BrowserWindow = Object.assign(
  function createWindow(options: BrowserWindowConstructorOptions) {
    return open(options);
  } as unknown as new (options: BrowserWindowConstructorOptions) => StandInWindow, // see above
  { getAllWindows: () => [...windows] },
);
