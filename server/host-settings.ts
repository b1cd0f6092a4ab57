/** The settings of this host as the administrator's pages see and change them: `config.json` through the one schema. */
import type { AdminOutput, Setting, SettingValue } from '#contract/admin.ts';
import { AppError } from './app-error.ts';
import { changeConfigFile, configFilePath, readConfigFile } from './config-file.ts';
import { argumentOf, configKeyNames, configKeys, configSchema } from './config-keys.ts';
import type { Config, ConfigKey } from './config-keys.ts';
import type { Origin } from './config.ts';
import { StartupError } from './startup-error.ts';

export type HostSettingsDeps = {
  /** What the server runs with. */
  config: Config;
  /** Where each value came from when it started. */
  origins: Readonly<Record<ConfigKey, Origin>>;
  /** True if a server could listen there. */
  canListen: (port: number, host: string | null) => Promise<boolean>;
};

export type HostSettings = {
  list(): AdminOutput<'admin:settings'>;
  /** Where the server will listen after its next start. Throws SETTINGS_UNREADABLE if a start would refuse the file. */
  nextPort(): number;
  /** Throws INVALID_INPUT or SETTING_OVERRIDDEN with the key as field, PORT_TAKEN, SETTINGS_UNREADABLE, DISK_FULL. */
  change(changes: Readonly<Record<string, SettingValue>>): Promise<void>;
};

/** What a page may set. The rest belongs to features that this version does not have, or to arguments alone. */
const editable = new Set<ConfigKey>([
  'port',
  'host',
  'sessionTimeoutHours',
  'maxContentLength',
  'trustProxy',
  'logLevel',
  'metricsToken',
  'loginPerMinute',
  'registerPerMinute',
  'uploadPerMinute',
  'searchAdvancedPerMinute',
  'socketSendMessagePerMinute',
  'generalPerMinute',
  'connectionsPerUser',
  'connectionsPerAddress',
]);

/** Origins of a configuration that no command line made: what is not the default counts as an argument. */
export const originsOf = (config: Config): Record<ConfigKey, Origin> => {
  const defaults: Record<string, unknown> = configSchema.parse({});
  const isDefault = (key: ConfigKey): boolean =>
    JSON.stringify(config[key]) === JSON.stringify(defaults[key]);
  return Object.fromEntries(
    configKeyNames.map((key) => [
      key,
      { source: isDefault(key) ? 'default' : 'argument', name: isDefault(key) ? '' : argumentOf(key) },
    ]),
  ) as Record<ConfigKey, Origin>; // fromEntries forgets the literal names
};

export function createHostSettings({ config, origins, canListen }: HostSettingsDeps): HostSettings {
  const fileName = configFilePath(config.dataDir);
  const isOverridden = (key: ConfigKey): boolean =>
    origins[key].source === 'environment' || origins[key].source === 'argument';

  function describe(key: ConfigKey, file: Readonly<Record<string, unknown>>): Setting {
    const { expected } = configKeys[key];
    const isSecret = 'isSecret' in configKeys[key];
    const shown = (value: unknown): SettingValue =>
      isSecret && value !== null ? '********' : withoutPassword(value);
    const origin = isOverridden(key) ? origins[key] : originIn(file, key, fileName);
    return {
      key,
      value: shown(config[key]),
      nextValue: shown(isOverridden(key) ? config[key] : nextValue(key, file, config)),
      source: origin.source,
      sourceName: origin.name,
      isOverridden: isOverridden(key),
      isEditable: editable.has(key),
      isSecret,
      kind: String(expected['expected']),
      ...('minimum' in expected
        ? { minimum: Number(expected.minimum), maximum: Number(expected.maximum) }
        : {}),
      ...('choices' in expected ? { choices: String(expected.choices).split(', ') } : {}),
    };
  }

  /** A secret is compared as it is, not as it is shown. */
  function isChanged(key: ConfigKey, file: Readonly<Record<string, unknown>>): boolean {
    if (isOverridden(key)) return false;
    return JSON.stringify(nextValue(key, file, config)) !== JSON.stringify(config[key]);
  }

  function readFile(): Record<string, unknown> {
    try {
      return readConfigFile(fileName);
    } catch (error) {
      throw error instanceof StartupError ? new AppError('SETTINGS_UNREADABLE') : error;
    }
  }

  function writeFile(changes: Readonly<Record<string, unknown>>): void {
    try {
      changeConfigFile(fileName, changes);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (code === 'ENOSPC' || code === 'EDQUOT') throw new AppError('DISK_FULL');
      if (['EACCES', 'EPERM', 'EROFS', 'EBUSY', 'CONFIG_INVALID'].includes(code)) {
        throw new AppError('SETTINGS_UNREADABLE');
      }
      throw error;
    }
  }

  return {
    list() {
      const file = readFile();
      return {
        settings: configKeyNames.map((key) => describe(key, file)),
        isRestartNeeded: configKeyNames.some((key) => editable.has(key) && isChanged(key, file)),
      };
    },

    nextPort() {
      const file = readFile();
      for (const [name, value] of Object.entries(file)) {
        const key = configKeyNames.find((candidate) => candidate === name);
        // as a start does: what is overridden is not looked at
        const isFine =
          key !== undefined && (isOverridden(key) || configKeys[key].schema.safeParse(value).success);
        if (!isFine) throw new AppError('SETTINGS_UNREADABLE');
      }
      return Number(isOverridden('port') ? config.port : nextValue('port', file, config));
    },

    async change(changes) {
      const wanted = Object.entries(changes).map(([name, value]) => ({ key: editableKey(name), value }));
      for (const { key, value } of wanted) {
        if (isOverridden(key)) throw new AppError('SETTING_OVERRIDDEN', { field: key });
        const isWrong = value !== null && !configKeys[key].schema.safeParse(value).success;
        if (isWrong) throw new AppError('INVALID_INPUT', { field: key });
      }
      const file = readFile();
      const next = { ...file };
      // a key that is undefined is left out of the file
      for (const { key, value } of wanted) next[key] = value ?? undefined;
      await assertPlace(next);
      // the changes alone: somebody else's may have been written meanwhile
      writeFile(Object.fromEntries(wanted.map(({ key, value }) => [key, value ?? undefined])));
    },
  };

  /** A server that starts again where it cannot listen would be out of everybody's reach. */
  async function assertPlace(file: Readonly<Record<string, unknown>>): Promise<void> {
    const port = Number(nextValue('port', file, config));
    const host = nextValue('host', file, config);
    const isElsewhere = port !== config.port || host !== config.host;
    const probe = port === config.port ? 0 : port;
    if (isElsewhere && !(await canListen(probe, typeof host === 'string' ? host : null))) {
      throw new AppError('PORT_TAKEN', { field: port === config.port ? 'host' : 'port' });
    }
  }
}

function editableKey(name: string): ConfigKey {
  const key = configKeyNames.find((candidate) => candidate === name);
  if (key === undefined || !editable.has(key)) {
    throw new AppError('INVALID_INPUT', { field: name.slice(0, 100) });
  }
  return key;
}

/** What the file or the default says now; the present value where the file holds nonsense. */
function nextValue(key: ConfigKey, file: Readonly<Record<string, unknown>>, config: Config): unknown {
  // these two are completed with a folder when the configuration is loaded
  if (key === 'dataDir' || key === 'uploadFolder') return config[key];
  const parsed = configKeys[key].schema.safeParse(file[key]);
  return parsed.success ? parsed.data : config[key];
}

const originIn = (file: Readonly<Record<string, unknown>>, key: ConfigKey, fileName: string): Origin =>
  Object.hasOwn(file, key) ? { source: 'file', name: fileName } : { source: 'default', name: '' };

function withoutPassword(value: unknown): SettingValue {
  if (typeof value === 'string') return value.replace(/\/\/[^/@]*@/, '//********@');
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(String);
  return null;
}
