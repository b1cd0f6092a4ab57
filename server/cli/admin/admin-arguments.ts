/** What follows `admin` on the command line. Pure. */
import { nearestWord } from '../suggestion.ts';

/** Options that take a value; those that may be given several times are collected. */
const valued = {
  '--state': 'state',
  '--role': 'role',
  '--room': 'rooms',
  '--uses': 'uses',
  '--days': 'days',
  '--note': 'note',
  '--about': 'about',
  '--actions': 'actions',
  '--limit': 'limit',
  '--level': 'level',
  '--from': 'from',
  '--to': 'to',
} as const;

const flags = { '--yes': 'yes', '--json': 'json', '--device-lost': 'deviceLost' } as const;

type ValueName = (typeof valued)[keyof typeof valued];
type FlagName = (typeof flags)[keyof typeof flags];

export type AdminArguments = {
  /** Sub-command and what it is about, without options. */
  words: string[];
  values: Partial<Record<ValueName, string[]>>;
  flags: ReadonlySet<FlagName>;
};

/** Every option, for the help text and its test. */
export const adminOptions: readonly string[] = [...Object.keys(valued), ...Object.keys(flags)];

/** A command line that cannot be understood; `suggestion` is what may have been meant. */
export class UsageError extends Error {
  readonly problem: 'unknown-command' | 'unknown-option' | 'value-missing' | 'word-missing' | 'value-wrong';
  readonly what: string;
  readonly suggestion: string | null;

  constructor(problem: UsageError['problem'], what: string, suggestion: string | null = null) {
    super(`${problem}: ${what}`);
    this.problem = problem;
    this.what = what;
    this.suggestion = suggestion;
  }
}

/** Throws UsageError for an option that does not exist or lacks its value. */
export function parseAdminArguments(argv: readonly string[]): AdminArguments {
  const words: string[] = [];
  const values: AdminArguments['values'] = {};
  const given = new Set<FlagName>();
  const rest = [...argv];
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    if (!argument.startsWith('--')) {
      words.push(argument);
      continue;
    }
    const at = argument.indexOf('=');
    const option = at < 0 ? argument : argument.slice(0, at);
    if (isKey(flags, option)) {
      given.add(flags[option]);
      continue;
    }
    if (!isKey(valued, option)) {
      throw new UsageError('unknown-option', option, nearestWord(option, adminOptions));
    }
    const value = at < 0 ? rest.shift() : argument.slice(at + 1);
    if (value === undefined) throw new UsageError('value-missing', option);
    const name = valued[option];
    values[name] = [...(values[name] ?? []), value];
  }
  return { words, values, flags: given };
}

const isKey = <Table extends object>(table: Table, key: string): key is Extract<keyof Table, string> =>
  Object.hasOwn(table, key);
