/**
 * `settings.json`: what the desktop app itself remembers. Validated on read; a file that is damaged is kept aside, the
 * defaults are used, and the person is told. What starts at login is the operating system's to remember, not this file's.
 */
import { renameSync } from 'node:fs';
import * as z from 'zod/mini';
import type { DesktopSettings } from '#contract/process-messages.ts';
import { readJsonObject, writeJsonAtomically } from './json-file.ts';

const Path = z.string().check(z.minLength(1), z.maxLength(4096), z.regex(/^[^\0]+$/));

const StoredSettings = z.object({
  startHidden: z._default(z.boolean(), false),
  keepAwake: z._default(z.boolean(), true),
  language: z._default(z.enum(['system', 'ko', 'en']), 'system'),
  isSetUpDone: z._default(z.boolean(), false),
  /** Where the server's data lives; null leaves it to the server. */
  dataDir: z._default(z.nullable(Path), null),
});
export type StoredSettings = z.infer<typeof StoredSettings>;

/** What the window may change. */
export const SettingsChange = z.strictObject({
  startAtLogin: z.optional(z.boolean()),
  startHidden: z.optional(z.boolean()),
  keepAwake: z.optional(z.boolean()),
  language: z.optional(z.enum(['system', 'ko', 'en'])),
  isSetUpDone: z.optional(z.boolean()),
});
export type SettingsChange = z.infer<typeof SettingsChange>;

export type LoginItem = { isOn(): boolean; set(isOn: boolean): void; isPossible: boolean };

export type SettingsStore = {
  /** With what the operating system says about the login. */
  read(): DesktopSettings;
  dataDir(): string | null;
  /** Throws the operating system's error if it cannot be written; nothing has changed then. */
  change(changes: SettingsChange & { dataDir?: string | null }): DesktopSettings;
  onChange(listener: (settings: DesktopSettings) => void): void;
  /** The file that a damaged one was moved to, or null if there was none, or it could not be moved. */
  keptAside: string | null;
  isLoginItemPossible: boolean;
};

type Deps = { file: string; loginItem: LoginItem; now: () => number };

/** Reads the settings, once; from then on they change only through here. */
export function openSettings({ file, loginItem, now }: Deps): SettingsStore {
  const { stored, keptAside } = load(file, now);
  let present = stored;
  const listeners: ((settings: DesktopSettings) => void)[] = [];
  const read = (): DesktopSettings => {
    const { dataDir: _, ...shown } = present;
    return { ...shown, startAtLogin: loginItem.isOn() };
  };
  return {
    read,
    dataDir: () => present.dataDir,
    change({ startAtLogin, ...changes }) {
      // the start at login is not in the file, which may be read-only
      if (Object.keys(changes).length > 0) {
        const next = { ...present, ...changes };
        writeJsonAtomically(file, next);
        present = next;
      }
      if (startAtLogin !== undefined && loginItem.isPossible) loginItem.set(startAtLogin);
      const settings = read();
      for (const listener of listeners) listener(settings);
      return settings;
    },
    onChange: (listener) => void listeners.push(listener),
    keptAside,
    isLoginItemPossible: loginItem.isPossible,
  };
}

function load(file: string, now: () => number): { stored: StoredSettings; keptAside: string | null } {
  let found: Record<string, unknown> = {};
  try {
    found = readJsonObject(file) ?? {};
    return { stored: StoredSettings.parse(found), keptAside: null };
  } catch {
    const keptAside = `${file}.damaged-${new Date(now()).toISOString().replaceAll(/[:.]/g, '-')}`;
    try {
      renameSync(file, keptAside);
      return { stored: salvage(found), keptAside };
    } catch {
      // unreadable and immovable: the next write replaces it or says why it cannot
      return { stored: salvage(found), keptAside: null };
    }
  }
}

/** What is right of a file that is wrong elsewhere: above all, where the data are must not be forgotten. */
function salvage(found: Readonly<Record<string, unknown>>): StoredSettings {
  const right = Object.entries(found).filter(
    ([key, value]) => StoredSettings.safeParse({ [key]: value }).success,
  );
  return StoredSettings.parse(Object.fromEntries(right));
}
