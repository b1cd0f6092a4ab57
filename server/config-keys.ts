/**
 * The one schema of everything that can be configured, and where each key can be set. Text (environment, arguments) and
 * JSON (`config.json`) go through the same schema, so that a value means the same wherever it comes from.
 */
import { isIP } from 'node:net';
import * as z from 'zod/mini';
import { wholeNumber } from '#contract/ids.ts';
import type { StartupFacts } from './startup-error.ts';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

type Kind<Schema extends z.ZodMiniType> = { schema: Schema; expected: StartupFacts };

const number = (value: number, minimum: number, maximum: number) => ({
  schema: z._default(wholeNumber(minimum, maximum), value),
  expected: { expected: 'number', minimum, maximum },
});

const flag = (value: boolean) => ({
  schema: z._default(
    z.union([
      z.boolean(),
      z.pipe(
        z.string().check(z.regex(/^(1|0|true|false|yes|no|on|off)$/i)),
        z.transform((text: string) => /^(1|true|yes|on)$/i.test(text)),
      ),
    ]),
    value,
  ),
  expected: { expected: 'flag' },
});

const text = (value: string | null, pattern = /^[^\p{Cc}]+$/u, expected = 'text') => ({
  schema: z._default(z.nullable(z.string().check(z.maxLength(4096), z.regex(pattern))), value),
  expected: { expected },
});

const url = (value: string | null, pattern: RegExp) => ({
  schema: z._default(
    z.nullable(
      z.string().check(
        z.regex(pattern),
        z.refine((candidate) => URL.canParse(candidate)),
      ),
    ),
    value,
  ),
  expected: { expected: 'url' },
});

/** Addresses, CIDR ranges and the three names that Express knows. */
function isNetwork(candidate: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(candidate)) return true;
  const [address = '', bits, ...rest] = candidate.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

const networks = () => ({
  schema: z._default(
    z.pipe(
      z.union([
        z.array(z.string()),
        z.pipe(
          z.string(),
          z.transform((list: string) =>
            list
              .split(',')
              .map((item) => item.trim())
              .filter((item) => item !== ''),
          ),
        ),
      ]),
      z.array(z.string().check(z.refine(isNetwork))),
    ),
    [],
  ),
  expected: { expected: 'networks' },
});

const level = () => ({
  schema: z._default(z.enum(logLevels), 'info'),
  expected: { expected: 'choice', choices: logLevels.join(', ') },
});

/** `*` and an empty text mean every address of this machine, like no value at all. */
const host = () => ({
  schema: z._default(
    z.pipe(
      z.nullable(z.string().check(z.regex(/^(\*|[A-Za-z0-9.:%_-]{1,255})$/))),
      z.transform((name: string | null) => (name === '*' ? null : name)),
    ),
    null,
  ),
  expected: { expected: 'host' },
});

type KeyOptions = { env?: string; isSecret?: true; isInFile?: false };

const key = <Schema extends z.ZodMiniType>(kind: Kind<Schema>, options: KeyOptions = {}) => ({
  ...kind,
  ...options,
});

const gigabyte = 1024 ** 3;

export const configKeys = {
  port: key(number(5000, 0, 65_535), { env: 'DEFAULT_PORT' }),
  host: key(host(), { env: 'MARU_HOST' }),
  dataDir: key(text(null, /^[^\0]+$/, 'path'), { env: 'MARU_DATA_DIR', isInFile: false }),
  uploadFolder: key(text(null, /^[^\0]+$/, 'path'), { env: 'UPLOAD_FOLDER' }),
  sessionTimeoutHours: key(number(72, 1, 720), { env: 'SESSION_TIMEOUT_HOURS' }),
  maxContentLength: key(number(16 * 1024 * 1024, 1024, 64 * gigabyte), { env: 'MAX_CONTENT_LENGTH' }),
  trustProxy: key(networks(), { env: 'TRUST_PROXY' }),
  logLevel: key(level(), { env: 'LOG_LEVEL' }),
  metricsToken: key(text(null, /^[\x21-\x7e]{16,256}$/, 'token'), { env: 'METRICS_TOKEN', isSecret: true }),

  loginPerMinute: key(number(10, 1, 1_000_000), { env: 'LOGIN_PER_MINUTE' }),
  registerPerMinute: key(number(5, 1, 1_000_000), { env: 'REGISTER_PER_MINUTE' }),
  uploadPerMinute: key(number(10, 1, 1_000_000), { env: 'UPLOAD_PER_MINUTE' }),
  searchAdvancedPerMinute: key(number(30, 1, 1_000_000), { env: 'SEARCH_ADVANCED_PER_MINUTE' }),
  socketSendMessagePerMinute: key(number(100, 1, 1_000_000), { env: 'SOCKET_SEND_MESSAGE_PER_MINUTE' }),
  /** Everything without a limit of its own; wide enough that only a program meets it. */
  generalPerMinute: key(number(1200, 1, 10_000_000), { env: 'GENERAL_PER_MINUTE' }),
  connectionsPerUser: key(number(20, 1, 1_000_000), { env: 'CONNECTIONS_PER_USER' }),
  /** Per IP address: an office behind one router shares it. */
  connectionsPerAddress: key(number(1000, 1, 1_000_000), { env: 'CONNECTIONS_PER_ADDRESS' }),

  rateLimitStorageUri: key(url('memory://', /^(memory|rediss?):\/\//), { env: 'RATE_LIMIT_STORAGE_URI' }),
  stateStoreRedisUrl: key(url(null, /^rediss?:\/\//), { env: 'STATE_STORE_REDIS_URL' }),
  retentionDays: key(number(0, 0, 36_500), { env: 'RETENTION_DAYS' }),
  oidcEnabled: key(flag(false), { env: 'FEATURE_OIDC_ENABLED' }),
  oidcProviderName: key(text(null), { env: 'OIDC_PROVIDER_NAME' }),
  oidcIssuerUrl: key(url(null, /^https?:\/\//), { env: 'OIDC_ISSUER_URL' }),
  oidcClientId: key(text(null), { env: 'OIDC_CLIENT_ID' }),
  oidcClientSecret: key(text(null), { env: 'OIDC_CLIENT_SECRET', isSecret: true }),
  oidcRedirectUri: key(url(null, /^https?:\/\//), { env: 'OIDC_REDIRECT_URI' }),
  oidcScopes: key(text('openid profile email'), { env: 'OIDC_SCOPES' }),
  avScanEnabled: key(flag(false), { env: 'FEATURE_AV_SCAN_ENABLED' }),
  avClamdHost: key(text('127.0.0.1', /^[A-Za-z0-9.:_-]{1,255}$/, 'host'), { env: 'AV_CLAMD_HOST' }),
  avClamdPort: key(number(3310, 1, 65_535), { env: 'AV_CLAMD_PORT' }),
  avScanTimeoutSeconds: key(number(30, 1, 3600), { env: 'AV_SCAN_TIMEOUT_SECONDS' }),

  /** The only way past a corrupt database: it is moved aside, never deleted. */
  startEmpty: key(flag(false), { isInFile: false }),
} as const satisfies Record<string, Kind<z.ZodMiniType> & KeyOptions>;

export type ConfigKey = keyof typeof configKeys;

type Values = { [Name in ConfigKey]: z.infer<(typeof configKeys)[Name]['schema']> };

/** Every value, typed. `dataDir` is always known once the configuration has been loaded. */
export type Config = Omit<Values, 'dataDir' | 'uploadFolder'> & { dataDir: string; uploadFolder: string };

// the table's order is the order of every list of keys that people see
export const configKeyNames = Object.keys(configKeys) as ConfigKey[]; // Object.keys forgets the literal names

const schemas = Object.fromEntries(configKeyNames.map((name) => [name, configKeys[name].schema])) as {
  [Name in ConfigKey]: (typeof configKeys)[Name]['schema']; // Object.fromEntries forgets which key has which schema
};

/** The whole configuration as one schema; unset keys take their defaults. */
export const configSchema = z.object(schemas);

/** `sessionTimeoutHours` → `--session-timeout-hours`. */
export const argumentOf = (name: string): string =>
  `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
