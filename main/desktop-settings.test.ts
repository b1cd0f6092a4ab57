import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { openSettings, SettingsChange } from './desktop-settings.ts';
import { changeJsonFile } from './json-file.ts';
import { createLoginItem, desktopEntry } from './login-item.ts';

function arrange(t: { after(task: () => void): void }, text?: string) {
  const folder = mkdtempSync(path.join(tmpdir(), 'maru-settings-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'settings.json');
  if (text !== undefined) writeFileSync(file, text);
  let isOn = false;
  const loginItem = { isPossible: true, isOn: () => isOn, set: (next: boolean) => void (isOn = next) };
  return { folder, file, loginItem, open: () => openSettings({ file, loginItem, now: () => 0 }) };
}

const defaults = {
  startAtLogin: false,
  startHidden: false,
  keepAwake: true,
  language: 'system',
  isSetUpDone: false,
};

describe('settings.json', () => {
  test('is not there at first, and nothing is written by reading', (t) => {
    const { file, open } = arrange(t);
    assert.deepEqual(open().read(), defaults);
    assert.equal(existsSync(file), false);
  });

  test('survives, and leaves no half-written file beside it', (t) => {
    const { folder, open } = arrange(t);
    const told: unknown[] = [];
    const settings = open();
    settings.onChange((present) => void told.push(present));
    settings.change({ keepAwake: false, startAtLogin: true, dataDir: '/srv/마루' });
    const again = open();
    assert.deepEqual(again.read(), { ...defaults, keepAwake: false, startAtLogin: true });
    assert.deepEqual(told, [again.read()]);
    assert.equal(again.dataDir(), '/srv/마루');
    assert.deepEqual(readdirSync(folder), ['settings.json']);
  });

  test('leaves the start at login to the operating system', (t) => {
    const { file, loginItem, open } = arrange(t);
    const settings = open();
    settings.change({ startAtLogin: true, startHidden: true });
    assert.ok(!readFileSync(file, 'utf8').includes('startAtLogin'));
    loginItem.set(false);
    assert.equal(settings.read().startAtLogin, false);
  });

  for (const text of ['', '{', 'null', '[]', '{"keepAwake":"yes"}', '{"language":"fr"}', '{"dataDir":""}']) {
    test(`that is damaged is kept aside: ${text}`, (t) => {
      const { folder, file, open } = arrange(t, text);
      const settings = open();
      assert.deepEqual(settings.read(), defaults);
      assert.ok(settings.keptAside?.startsWith(`${file}.damaged-`));
      assert.equal(readFileSync(settings.keptAside ?? '', 'utf8'), text);
      assert.equal(readdirSync(folder).length, 1);
    });
  }

  test('that is wrong in one place keeps the rest: where the data are is not forgotten', (t) => {
    const { open } = arrange(t, '{"keepAwake":"yes","dataDir":"/srv/마루","language":"en"}');
    const settings = open();
    assert.notEqual(settings.keptAside, null);
    assert.equal(settings.dataDir(), '/srv/마루');
    assert.deepEqual(settings.read(), { ...defaults, language: 'en' });
  });

  test('that cannot be written says so and changes nothing; the start at login does without it', (t) => {
    const { file, open } = arrange(t);
    const settings = open();
    // a folder in its place: no user may write that, root included
    mkdirSync(file);
    assert.throws(() => settings.change({ keepAwake: false }));
    assert.equal(settings.read().keepAwake, true);
    assert.equal(settings.change({ startAtLogin: true }).startAtLogin, true);
  });

  test('keeps what a newer version added out of the way of an older one', (t) => {
    const { open } = arrange(t, '{"keepAwake":false,"somethingNew":1}');
    const settings = open();
    assert.equal(settings.keptAside, null);
    assert.equal(settings.read().keepAwake, false);
  });

  test('of Windows’ Notepad, with a byte order mark, is read', (t) => {
    assert.equal(arrange(t, '\uFEFF{"keepAwake":false}').open().read().keepAwake, false);
  });

  test('takes no key from the window that is not the window’s to change', () => {
    assert.ok(SettingsChange.safeParse({ keepAwake: true }).success);
    for (const change of [{ dataDir: '/' }, { keepAwake: 1 }, { x: true }, null, 'text', []]) {
      assert.equal(SettingsChange.safeParse(change).success, false, JSON.stringify(change));
    }
  });
});

test('a configuration file that cannot be read is not overwritten', (t) => {
  const { file } = arrange(t, '{ broken');
  assert.throws(() => changeJsonFile(file, { port: 5001 }));
  assert.equal(readFileSync(file, 'utf8'), '{ broken');
});

describe('the start at login', () => {
  const app = (calls: unknown[], isPackaged: boolean, home: string) => ({
    isPackaged,
    getAppPath: () => '/src/my maru',
    getPath: (name: string) => (name === 'home' ? home : '/opt/Maru/maru'),
    setLoginItemSettings: (settings: object) => void calls.push(settings),
    getLoginItemSettings: () => ({ openAtLogin: calls.length > 0 }),
  });

  test('on Linux is a file in the autostart folder that starts hidden', (t) => {
    const { folder } = arrange(t);
    const deps = { platform: 'linux', appImage: '/home/a/Maru.AppImage', configHome: undefined } as const;
    const item = createLoginItem({ app: app([], true, folder), ...deps });
    assert.equal(item.isOn(), false);
    item.set(true);
    assert.equal(item.isOn(), true);
    const entry = readFileSync(path.join(folder, '.config/autostart/maru.desktop'), 'utf8');
    assert.match(entry, /^Exec="\/home\/a\/Maru\.AppImage" "--hidden"$/m);
    item.set(false);
    assert.equal(item.isOn(), false);
    mkdirSync(path.join(folder, 'x'));
  });

  test('on Windows is an entry that names the program and starts hidden', () => {
    const calls: unknown[] = [];
    const item = createLoginItem({
      app: app(calls, false, '/'),
      platform: 'win32',
      appImage: undefined,
      configHome: undefined,
    });
    item.set(true);
    assert.deepEqual(calls, [
      { openAtLogin: true, path: '"/opt/Maru/maru"', args: ['"/src/my maru"', '--hidden'] },
    ]);
    assert.equal(item.isOn(), true);
  });

  test('quotes a path as the Desktop Entry Specification says', () => {
    assert.match(desktopEntry(['/a b/$x"y\\z%']), /^Exec="\/a b\/\\\\\$x\\\\"y\\\\\\\\z%%"$/m);
  });
});
