/** People of an office, each with a browser of their own, and what they do with it. */
import { expect, test as base } from '@playwright/test';
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from '@playwright/test';
import { allWords } from '../../static/locales/locale.ts';
import type { TextKey } from '../../static/locales/wording.ts';
import { startMaru } from './maru-server.ts';
import type { MaruServer } from './maru-server.ts';

export type Language = 'ko' | 'en';
type Values = Record<string, string | number>;

/** The words that people see, so that a spec does not repeat them. */
export function words(language: Language): (key: TextKey, values?: Values) => string {
  const table: Record<string, string | Record<string, string>> = allWords[language];
  return (key, values = {}) => {
    const entry = table[key];
    const forms = typeof entry === 'string' ? { other: entry } : entry;
    const form = (values['count'] === 1 ? forms?.['one'] : undefined) ?? forms?.['other'] ?? '';
    return form.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
  };
}

export type Name = { username: string; displayName: string; department?: string };

export const alice: Name = { username: 'alice', displayName: '김앨리스', department: '재무팀' };
export const bob: Name = { username: 'bob', displayName: '이밥', department: '인사팀' };
export const carol: Name = { username: 'carol', displayName: '박캐롤', department: '총무팀' };

export const passwordOf = ({ username }: Name): string => `${username} 마루 비밀번호 1`;

export type OfficeOptions = {
  language?: Language;
  url?: string;
  context?: BrowserContextOptions;
  /** Called before the first page opens. */
  prepare?: (context: BrowserContext) => Promise<void>;
};

export type Person = Name & {
  page: Page;
  t: ReturnType<typeof words>;
  /** Fills the form and keeps the sheet (typed back) or puts it off. */
  signUp(options?: { setUpCode?: string; sheet?: 'typed' | 'later' }): Promise<void>;
  /** Fills the form as far as the sheet. */
  reachSheet(setUpCode?: string): Promise<void>;
  /** Fills the form and sends it. */
  fillSignUp(setUpCode?: string): Promise<void>;
  signIn(): Promise<void>;
  /** A direct conversation with one person, a group with several. */
  startWith(people: readonly Name[], title?: string): Promise<void>;
  openRoom(name: string): Promise<void>;
  say(text: string): Promise<void>;
  composer(): Locator;
  /** The rows of the conversation on screen, by text. */
  message(text: string): Locator;
  sees(text: string): Promise<void>;
};

/** Opens a browser of a person, at the server's LAN address unless told otherwise. */
export async function openBrowser(
  browser: Browser,
  server: MaruServer,
  name: Name,
  options: OfficeOptions = {},
): Promise<Person> {
  const language = options.language ?? 'ko';
  const context = await browser.newContext({
    locale: language === 'ko' ? 'ko-KR' : 'en-US',
    timezoneId: 'Asia/Seoul',
    viewport: { width: 1360, height: 820 },
    ...options.context,
  });
  await options.prepare?.(context);
  const page = await context.newPage();
  await page.goto(options.url ?? server.lanUrl);
  return personAt(page, name, language);
}

/** The same person in another tab of the same browser. */
export function personAt(page: Page, name: Name, language: Language): Person {
  const t = words(language);
  const button = (key: TextKey, values?: Values): Locator =>
    page.getByRole('button', { name: t(key, values), exact: true });
  const composer = (): Locator => page.locator('textarea');
  const log = (): Locator => page.locator('.chat__log');

  return {
    ...name,
    page,
    t,
    composer,
    async fillSignUp(setUpCode) {
      // without any account the page begins with this form
      const form = page.getByLabel(t('signUp.displayName'), { exact: true });
      const toForm = button('signIn.toSignUp');
      await expect(form.or(toForm)).toBeVisible();
      if (await toForm.isVisible()) await toForm.click();
      if (setUpCode !== undefined) await page.getByLabel(t('signUp.code')).fill(setUpCode);
      await page.getByLabel(t('signUp.displayName'), { exact: true }).fill(name.displayName);
      await page.getByLabel(t('signUp.username'), { exact: true }).fill(name.username);
      if (name.department !== undefined) await page.getByLabel(t('signUp.department')).fill(name.department);
      await page.getByLabel(t('signUp.password'), { exact: true }).fill(passwordOf(name));
      await page.getByLabel(t('signUp.passwordRepeat'), { exact: true }).fill(passwordOf(name));
      await button('signUp.submit').click();
    },
    async reachSheet(setUpCode) {
      await this.fillSignUp(setUpCode);
      await expect(page.getByRole('heading', { name: t('sheet.title') })).toBeVisible();
    },
    async signUp({ setUpCode, sheet = 'later' } = {}) {
      await this.reachSheet(setUpCode);
      if (sheet === 'typed') await typeSheetBack({ page, t });
      else await button('sheet.later').click();
      await expect(page.getByRole('navigation', { name: t('shell.rooms') })).toBeVisible();
    },
    async signIn() {
      await page.getByLabel(t('signIn.username'), { exact: true }).fill(name.username);
      await page.getByLabel(t('signIn.password'), { exact: true }).fill(passwordOf(name));
      await button('signIn.submit').click();
      await expect(page.getByRole('navigation', { name: t('shell.rooms') })).toBeVisible();
    },
    async startWith(people, title) {
      await button('rooms.new').first().click();
      const dialog = page.getByRole('dialog');
      for (const { username, displayName } of people) {
        await dialog.getByLabel(t('create.find')).fill(username);
        await dialog.getByRole('option', { name: displayName }).click();
      }
      if (title !== undefined) await dialog.getByLabel(t('create.groupTitle')).fill(title);
      const start =
        title === undefined ? button('create.start') : button('create.startGroup', { count: people.length });
      await start.click();
      await expect(dialog).toBeHidden();
      await expect(composer()).toBeVisible();
    },
    async openRoom(title) {
      await page
        .getByRole('navigation', { name: t('shell.rooms') })
        .locator('.room__name')
        .and(page.getByText(title, { exact: true }))
        .first()
        .click();
      await expect(composer()).toBeVisible();
    },
    async say(text) {
      await composer().fill(text);
      await composer().press('Enter');
      await expect(composer()).toHaveValue('');
    },
    message: (text) => log().getByText(text, { exact: true }),
    async sees(text) {
      await expect(log().getByText(text, { exact: true })).toBeVisible();
    },
  };
}

/** The nine groups of the sheet on screen. */
export async function sheetGroups({ page, t }: Pick<Person, 'page' | 't'>): Promise<string[]> {
  const shown = await page
    .getByRole('list', { name: t('sheet.groups') })
    .getByRole('listitem')
    .allInnerTexts();
  // a group's own number stands in front of it
  const groups = shown.map((text) => /[0-9A-Z]{4}$/.exec(text.replaceAll(/\s/g, ''))?.[0] ?? '');
  expect(groups).toHaveLength(9);
  return groups;
}

/** Keeps the sheet on screen and types back what is asked of it; `finishLabel` is what the last button says. */
export async function typeSheetBack(
  { page, t }: Pick<Person, 'page' | 't'>,
  finishLabel: 'sheet.finish' | 'sheet.confirm' | 'reentry.finish' = 'sheet.finish',
): Promise<void> {
  const groups = await sheetGroups({ page, t });
  await page.getByRole('button', { name: t('sheet.next'), exact: true }).click();
  const finish = page.getByRole('button', { name: t(finishLabel), exact: true });
  await expect(finish).toBeVisible();
  for (const [index, group] of groups.entries()) {
    const box = page.getByLabel(t('sheet.groupNumber', { number: index + 1 }), { exact: true });
    if ((await box.count()) > 0) await box.fill(group);
  }
  await finish.click();
}

/** `maru` is a fresh server; `open` gives browsers, which end with the test. */
export const test = base.extend<{
  maru: MaruServer;
  open: (name: Name, options?: OfficeOptions) => Promise<Person>;
}>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the fixtures it needs off this pattern
  maru: async ({}, use) => {
    const server = await startMaru();
    await use(server);
    await server.remove();
  },
  open: async ({ browser, maru }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (name, options) => {
      const person = await openBrowser(browser, maru, name, options);
      contexts.push(person.page.context());
      return person;
    });
    for (const context of contexts) await context.close();
  },
});

export { expect };
