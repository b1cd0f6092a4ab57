import { argumentOf, configKeyNames, configKeys } from '../config-keys.ts';
import type { ConfigKey } from '../config-keys.ts';
import { StartupError } from '../startup-error.ts';
import { nearestWord } from './suggestion.ts';

/** Something to do once instead of running the server. `file` is there for `restore`. */
export type CopyCommand = { name: 'backup' | 'restore'; file: string | null };
/** What follows `admin`, but for the options of the server itself. */
export type AdminCommand = { name: 'admin'; argv: string[] };

/** What the person asked for beside the configuration. */
export type CommandLine = {
  values: Partial<Record<ConfigKey, string>>;
  /** `--open`, `--no-open`, or neither. */
  opening: 'always' | 'never' | 'automatic';
  /** `--cli`: no window, no tray, no browser. */
  isHeadless: boolean;
  command: CopyCommand | AdminCommand | null;
  isHelpWanted: boolean;
  isVersionWanted: boolean;
};

type Switch = (line: CommandLine) => void;

const switches: Record<string, Switch> = {
  '--open': (line) => (line.opening = 'always'),
  '--no-open': (line) => (line.opening = 'never'),
  '--cli': (line) => (line.isHeadless = true),
  '--help': (line) => (line.isHelpWanted = true),
  '-h': (line) => (line.isHelpWanted = true),
  '--version': (line) => (line.isVersionWanted = true),
  '-v': (line) => (line.isVersionWanted = true),
  '--start-empty': (line) => (line.values.startEmpty = 'true'),
};

// secrets have no argument: every user of the machine can read another's command line
const keysByArgument = new Map(
  configKeyNames
    .filter((name) => !('isSecret' in configKeys[name]) && name !== 'startEmpty')
    .map((name) => [argumentOf(name), name]),
);

/** Every argument that exists, for the help text and its test. */
export const knownArguments = [...keysByArgument.keys(), ...Object.keys(switches)];

/** Reads the command line; an unknown argument or a missing value is refused as CONFIG_INVALID, with a suggestion. */
export function parseArguments(argv: readonly string[]): CommandLine {
  const line: CommandLine = {
    values: {},
    opening: 'automatic',
    isHeadless: false,
    command: null,
    isHelpWanted: false,
    isVersionWanted: false,
  };
  const rest = [...argv];
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    const { command } = line;
    const flip = switches[argument];
    if (command?.name === 'admin' && !isForServer(argument)) {
      command.argv.push(argument);
      continue;
    }
    if (flip) {
      flip(line);
      continue;
    }
    if (argument === 'admin') {
      line.command = { name: argument, argv: [] };
      continue;
    }
    if (argument === 'backup' || argument === 'restore') {
      line.command = { name: argument, file: fileAfter(argument, rest) };
      continue;
    }
    const [name, inline] = splitAtEquals(argument);
    const key = keysByArgument.get(name);
    if (key === undefined) throw unknownArgument(name);
    const next = rest[0];
    const value = inline ?? (next === undefined || next.startsWith('--') ? undefined : rest.shift());
    if (value === undefined) {
      throw new StartupError('CONFIG_INVALID', { key: name, origin: 'argument', problem: 'value-missing' });
    }
    line.values[key] = value;
  }
  return line;
}

/** An option that says which server is meant, also after `admin`. */
const isForServer = (argument: string): boolean =>
  ['--cli', '--no-open'].includes(argument) || keysByArgument.has(splitAtEquals(argument)[0]);

/** The file that follows a command; a backup finds a name by itself. */
function fileAfter(command: CopyCommand['name'], rest: string[]): string | null {
  const next = rest[0];
  if (next !== undefined && !next.startsWith('--')) return rest.shift() ?? null;
  if (command === 'backup') return null;
  throw new StartupError('CONFIG_INVALID', { key: command, origin: 'argument', problem: 'value-missing' });
}

function splitAtEquals(argument: string): [string, string?] {
  const at = argument.indexOf('=');
  return at < 0 ? [argument] : [argument.slice(0, at), argument.slice(at + 1)];
}

function unknownArgument(name: string): StartupError {
  const suggestion = nearestWord(name, knownArguments);
  return new StartupError('CONFIG_INVALID', {
    key: name,
    origin: 'argument',
    problem: 'unknown',
    ...(suggestion === null ? {} : { suggestion }),
  });
}
