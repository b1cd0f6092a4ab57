/**
 * Configuration: defaults ← `<data>/config.json` ← environment ← arguments, through one schema. The only file that reads
 * `process.env`.
 */
import path from 'node:path';
import type { RateLimitName } from '#contract/request.ts';
import { parseArguments } from './cli/arguments.ts';
import type { CommandLine } from './cli/arguments.ts';
import { defaultDataFolder } from './cli/data-folder.ts';
import type { Machine } from './cli/data-folder.ts';
import { nearestWord } from './cli/suggestion.ts';
import { configFilePath, readConfigFile } from './config-file.ts';
import { argumentOf, configKeyNames, configKeys, configSchema } from './config-keys.ts';
import type { Config, ConfigKey } from './config-keys.ts';
import { StartupError } from './startup-error.ts';

export type { Config, ConfigKey } from './config-keys.ts';

export type Environment = Readonly<Record<string, string | undefined>>;
export type Source = 'default' | 'file' | 'environment' | 'argument';

/** Where a value came from; `name` is what the person wrote (`DEFAULT_PORT`, `--port`, the path of `config.json`). */
export type Origin = { source: Source; name: string };

export type LoadedConfig = {
  config: Config;
  origins: Record<ConfigKey, Origin>;
  /** What `config.json` itself says, for a settings page that edits it. */
  fileValues: Readonly<Record<string, unknown>>;
  commandLine: CommandLine;
};

/** The environment of this process. */
export const currentEnvironment = (): Environment => process.env;

/**
 * Loads the configuration. Throws StartupError: CONFIG_INVALID (facts name the key and where it was set) or
 * FEATURE_NOT_AVAILABLE.
 */
export function loadConfig(argv: readonly string[], machine: Machine): LoadedConfig {
  const commandLine = parseArguments(argv);
  const outer = collect(commandLine, machine.env);
  const chosenDir = outer.values.dataDir;
  if (chosenDir !== undefined) checkValue('dataDir', chosenDir, outer.origins.dataDir);
  const dataDir = path.resolve(typeof chosenDir === 'string' ? chosenDir : defaultDataFolder(machine));

  const fileName = configFilePath(dataDir);
  const fileValues = readConfigFile(fileName);
  const values: Partial<Record<ConfigKey, unknown>> = {};
  const origins: Partial<Record<ConfigKey, Origin>> = {};
  for (const [name, value] of Object.entries(fileValues)) {
    const key = fileKey(name, fileName);
    values[key] = value;
    origins[key] = { source: 'file', name: fileName };
  }
  Object.assign(values, outer.values);
  Object.assign(origins, outer.origins);
  for (const key of configKeyNames) {
    if (values[key] === undefined) origins[key] = { source: 'default', name: '' };
    else checkValue(key, values[key], origins[key]);
  }
  const parsed = configSchema.parse(values);
  const config = {
    ...parsed,
    dataDir,
    uploadFolder: path.resolve(dataDir, parsed.uploadFolder ?? 'files'),
  };
  const loaded = {
    config,
    origins: origins as Record<ConfigKey, Origin>, // the loop above has set every key
    fileValues,
    commandLine,
  };
  refuseMissingFeatures(loaded);
  return loaded;
}

/** The defaults with `changes`, for tests and tools that start a server without a command line. */
export function configWith(dataDir: string, changes: Partial<Config> = {}): Config {
  const defaults = configSchema.parse({});
  return { ...defaults, dataDir, uploadFolder: path.join(dataDir, 'files'), ...changes };
}

/** Points per minute of each named limit of the contract. */
export const rateLimitsOf = (config: Config): Record<RateLimitName, number> => ({
  login: config.loginPerMinute,
  register: config.registerPerMinute,
  upload: config.uploadPerMinute,
  search_advanced: config.searchAdvancedPerMinute,
  socket_send_message: config.socketSendMessagePerMinute,
  general: config.generalPerMinute,
});

/** True if `config.json` does not decide this key, because the environment or an argument does. */
export const isOverridden = (loaded: LoadedConfig, key: ConfigKey): boolean =>
  ['environment', 'argument'].includes(loaded.origins[key].source);

export type ConfigLine = { key: ConfigKey; value: string; origin: Origin };

/** Every key as people may see it: secrets and the passwords inside addresses are masked. */
export function describeConfig(loaded: LoadedConfig): ConfigLine[] {
  return configKeyNames.map((key) => {
    const value = loaded.config[key];
    const isSecret = 'isSecret' in configKeys[key] && value !== null;
    const shown = isSecret ? '********' : String(value ?? '').replace(/\/\/[^/@]*@/, '//********@');
    return { key, value: shown, origin: loaded.origins[key] };
  });
}

function collect(commandLine: CommandLine, env: Environment) {
  const values: Partial<Record<ConfigKey, unknown>> = {};
  const origins: Partial<Record<ConfigKey, Origin>> = {};
  for (const key of configKeyNames) {
    const definition = configKeys[key];
    const name = 'env' in definition ? definition.env : undefined;
    const fromEnvironment = name === undefined ? undefined : env[name];
    const fromArgument = commandLine.values[key];
    if (fromArgument !== undefined) {
      values[key] = fromArgument;
      origins[key] = { source: 'argument', name: argumentOf(key) };
    } else if (name !== undefined && fromEnvironment !== undefined && fromEnvironment.trim() !== '') {
      // an empty variable is how compose files and unit files say "not set"
      values[key] = fromEnvironment;
      origins[key] = { source: 'environment', name };
    }
  }
  return { values, origins };
}

function checkValue(key: ConfigKey, value: unknown, origin: Origin | undefined): void {
  const { schema, expected } = configKeys[key];
  if (schema.safeParse(value).success) return;
  const isSecret = 'isSecret' in configKeys[key];
  throw new StartupError('CONFIG_INVALID', {
    key: origin?.source === 'file' ? key : (origin?.name ?? key),
    origin: origin?.source ?? 'default',
    path: origin?.source === 'file' ? origin.name : '',
    problem: 'value-wrong',
    value: isSecret ? '********' : (JSON.stringify(value) ?? '').slice(0, 200),
    ...expected,
  });
}

function fileKey(name: string, fileName: string): ConfigKey {
  const inFile = configKeyNames.filter((key) => !('isInFile' in configKeys[key]));
  const key = inFile.find((candidate) => candidate === name);
  if (key !== undefined) return key;
  const suggestion = nearestWord(name, inFile);
  throw new StartupError('CONFIG_INVALID', {
    key: name,
    origin: 'file',
    path: fileName,
    problem: 'unknown',
    ...(suggestion === null ? {} : { suggestion }),
  });
}

/** Settings of features that this version does not have are refused: ignoring one would be a silent lie. */
function refuseMissingFeatures({ config, origins }: LoadedConfig): void {
  const wanted: [ConfigKey, string, boolean][] = [
    ['oidcEnabled', 'OIDC', config.oidcEnabled],
    ['avScanEnabled', 'ClamAV', config.avScanEnabled],
    ['stateStoreRedisUrl', 'Redis', config.stateStoreRedisUrl !== null],
    ['rateLimitStorageUri', 'Redis', config.rateLimitStorageUri !== 'memory://'],
    ['retentionDays', 'retention', config.retentionDays > 0],
  ];
  for (const [key, feature, isWanted] of wanted) {
    if (!isWanted) continue;
    const origin = origins[key];
    throw new StartupError('FEATURE_NOT_AVAILABLE', {
      feature,
      key: origin.source === 'file' ? key : origin.name,
      origin: origin.source,
      path: origin.source === 'file' ? origin.name : '',
    });
  }
}
