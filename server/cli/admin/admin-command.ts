/**
 * `admin …` at a terminal: the administrator's console for a machine without a browser. A running server is asked over the
 * line in its data folder; a stopped one's data are opened here. Either way it takes the user who owns the data folder.
 */
import type { Language } from '../language.ts';
import { nearestWord } from '../suggestion.ts';
import { UsageError, parseAdminArguments } from './admin-arguments.ts';
import type { AdminArguments } from './admin-arguments.ts';
import { NotConfirmedError, NotThereError, RefusalError, askWith } from './admin-context.ts';
import type { Command, Context, Result } from './admin-context.ts';
import { adminHelp } from './admin-help.ts';
import { refusals, sayIn } from './admin-words.ts';
import type { Say } from './admin-words.ts';
import type { AdminLine } from './line-client.ts';
import { peopleCommands } from './people-commands.ts';
import { serverCommands } from './server-commands.ts';

/** 0: done. 1: refused. 2: could not be understood or reached. 3: nobody confirmed it. */
export const adminExitCodes = { done: 0, refused: 1, failed: 2, notConfirmed: 3 } as const;

export type Terminal = {
  print: (text: string) => void;
  /** Questions and complaints: not part of the result. */
  tell: (text: string) => void;
  /** Asks somebody at the terminal; null if nobody is there. */
  question: ((text: string) => Promise<string>) | null;
};

export type AdminCommandInput = {
  argv: readonly string[];
  language: Language;
  terminal: Terminal;
  /** The line to the server, or to its data while it is stopped. */
  open: () => Promise<AdminLine & { isRunning: boolean }>;
};

const commands: Readonly<Record<string, Command>> = { ...peopleCommands, ...serverCommands };

/** Every command, for the guide and its test. */
export const adminCommandNames: readonly string[] = Object.keys(commands);

/** Carries one command out and gives the exit code. Throws StartupError where the data cannot be opened. */
export async function runAdminCommand({
  argv,
  language,
  terminal,
  open,
}: AdminCommandInput): Promise<number> {
  const say = sayIn(language);
  try {
    // wherever it stands, as at every other command line
    const isHelpAsked = argv.some((word) => word === '--help' || word === '-h');
    const args = parseAdminArguments(isHelpAsked ? ['help'] : argv);
    const [name = 'help'] = args.words;
    if (name === 'help') {
      terminal.print(adminHelp(language));
      return adminExitCodes.done;
    }
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command === undefined) {
      throw new UsageError('unknown-command', name, nearestWord(name, adminCommandNames));
    }
    const result = await carryOut(command, { args, say, terminal, open });
    terminal.print(args.flags.has('json') ? JSON.stringify({ ok: true, value: result.value }) : result.text);
    return result.exitCode ?? adminExitCodes.done;
  } catch (error) {
    return explain(error, { say, language, terminal, isJson: argv.includes('--json') });
  }
}

type Surroundings = Pick<AdminCommandInput, 'terminal' | 'open'> & { args: AdminArguments; say: Say };

async function carryOut(command: Command, { args, say, terminal, open }: Surroundings): Promise<Result> {
  const line = await open();
  const sure: Context['sure'] = async (...sentences) => {
    if (args.flags.has('yes')) return;
    for (const sentence of sentences) terminal.tell(sentence);
    const answer = args.flags.has('json') ? undefined : await terminal.question?.(say('sure'));
    if (!/^\s*(y|yes|예|네|ㅇ)\s*$/i.test(answer ?? '')) throw new NotConfirmedError();
  };
  try {
    return await command({ args, say, sure, isRunning: line.isRunning, ask: askWith(line.ask) });
  } finally {
    await line.close();
  }
}

type Hearer = { say: Say; language: Language; terminal: Terminal; isJson: boolean };

function explain(error: unknown, { say, language, terminal, isJson }: Hearer): number {
  if (error instanceof NotConfirmedError) {
    terminal.tell(say('notConfirmed'));
    return adminExitCodes.notConfirmed;
  }
  if (error instanceof RefusalError) {
    const { refusal } = error;
    if (isJson) terminal.print(JSON.stringify(refusal));
    const sentence = (language === 'ko' ? refusals[refusal.code] : undefined) ?? refusal.error;
    const field = refusal.field === undefined ? '' : ` (${refusal.field})`;
    terminal.tell(`${say('refused')} [${refusal.code}]${field}: ${sentence}`);
    return adminExitCodes.refused;
  }
  if (error instanceof NotThereError) {
    terminal.tell(say(error.word, error.what));
    return adminExitCodes.failed;
  }
  if (error instanceof UsageError) {
    terminal.tell(usageText(error, say));
    return adminExitCodes.failed;
  }
  throw error;
}

const usageWords = {
  'unknown-command': 'unknownCommand',
  'unknown-option': 'unknownOption',
  'value-missing': 'valueMissing',
  'word-missing': 'wordMissing',
  'value-wrong': 'valueWrong',
} as const;

function usageText({ problem, what, suggestion }: UsageError, say: Say): string {
  const meant = suggestion === null ? [] : [say('meant', suggestion)];
  return [say(usageWords[problem], what), ...meant, say('seeHelp')].join('\n');
}
