/** What the program was started with. Chromium and Electron have switches of their own, so what is unknown is not refused here. */

export type Launch = {
  /** `--cli`: the server alone. */
  isHeadless: boolean;
  /** `--hidden`: into the tray, without the window; how the program is started at login. */
  isHidden: boolean;
  /** Where the desktop app's own settings live, if not in the usual place. */
  userDataDir: string | null;
  /** Options for the server, as it takes them. */
  server: ServerOptions;
  /** With `--cli` the server reads the command line itself, and refuses what it does not know. */
  headlessArguments: string[];
};

export type ServerOptions = Partial<Record<ServerOption, string>>;

const serverOptions = ['--port', '--host', '--data-dir', '--log-level'] as const;
export type ServerOption = (typeof serverOptions)[number];

/** Switches of Chromium and Node that a launcher or a tool may add; they mean nothing to the server. */
const foreignSwitches =
  /^--(ozone-platform|no-sandbox|disable-gpu|headless|user-data-dir|inspect|inspect-brk|remote-debugging-\w+|enable-\w+|disable-dev-shm-usage)(=|$)/;

const ownSwitches = ['--cli', '--hidden'];

/** Reads `process.argv`; an app that is not packaged has its own path in front of its arguments. */
export function parseLaunch(argv: readonly string[], isPackaged: boolean): Launch {
  const rest = argv.slice(1);
  const args = isPackaged ? rest : rest.slice(rest.findIndex((argument) => !argument.startsWith('-')) + 1);
  const server: ServerOptions = {};
  for (const option of serverOptions) {
    const value = valueOf(option, args);
    if (value !== null) server[option] = value;
  }
  return {
    isHeadless: args.includes('--cli'),
    isHidden: args.includes('--hidden'),
    userDataDir: valueOf('--user-data-dir', rest),
    server,
    headlessArguments: args.filter(
      (argument, index) =>
        !ownSwitches.includes(argument) &&
        !foreignSwitches.test(argument) &&
        // its value, as an argument of its own
        !(args[index - 1] === '--user-data-dir' && !argument.startsWith('--')),
    ),
  };
}

/** The options as arguments; one with `=` can never be taken for two. */
export const serverArguments = (options: ServerOptions): string[] =>
  serverOptions.flatMap((option) => {
    const value = options[option];
    return value === undefined ? [] : [`${option}=${value}`];
  });

function valueOf(option: string, args: readonly string[]): string | null {
  for (const [index, argument] of args.entries()) {
    if (argument.startsWith(`${option}=`)) return argument.slice(option.length + 1);
    const next = args[index + 1];
    if (argument === option && next !== undefined && !next.startsWith('--')) return next;
  }
  return null;
}
