/** What the commands of `admin …` have in common: asking, finding people and rooms, being sure. */
import type { AdminInput, AdminOutput, AdminRequestName } from '#contract/admin.ts';
import type { AdminPerson, AdminRoom } from '#contract/admin-people.ts';
import { canonicalUsername } from '#contract/ids.ts';
import type { Answer, Refusal } from '#contract/request.ts';
import { UsageError } from './admin-arguments.ts';
import type { AdminArguments } from './admin-arguments.ts';
import type { Say, WordName } from './admin-words.ts';

/** `value` is what `--json` prints. */
export type Result = { value: unknown; text: string; exitCode?: number };

/** The server said no. */
export class RefusalError extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/** Nobody said yes. */
export class NotConfirmedError extends Error {}

/** Something that was named is not there. */
export class NotThereError extends Error {
  readonly word: WordName;
  readonly what: string;

  constructor(word: WordName, what: string) {
    super(`${word}: ${what}`);
    this.word = word;
    this.what = what;
  }
}

export type Context = {
  args: AdminArguments;
  say: Say;
  /** False: the server is stopped, and this works on its data. */
  isRunning: boolean;
  /** Throws RefusalError. */
  ask: <Name extends AdminRequestName>(name: Name, input: AdminInput<Name>) => Promise<AdminOutput<Name>>;
  /** Tells what will happen and waits for a yes. Throws NotConfirmedError. */
  sure: (...sentences: readonly string[]) => Promise<void>;
};

export type Command = (context: Context) => Promise<Result>;

export function askWith(raw: (name: string, input: unknown) => Promise<Answer<unknown>>): Context['ask'] {
  return async (name, input) => {
    const answer = await raw(name, input);
    if (!answer.ok) throw new RefusalError(answer);
    return answer.value as AdminOutput<typeof name>; // the server checked its own answer, and is of this version
  };
}

/** The word at this place after the command; throws UsageError if it is missing. */
export function wordAt({ args }: Context, place: number, name: string): string {
  const word = args.words[place];
  if (word === undefined) throw new UsageError('word-missing', name);
  return word;
}

export const valueOf = ({ args }: Context, name: keyof AdminArguments['values']): string | undefined =>
  args.values[name]?.at(-1);

/** The whole number after an option. */
export function numberOf(context: Context, name: keyof AdminArguments['values']): number | undefined {
  const text = valueOf(context, name);
  if (text === undefined) return undefined;
  if (!/^[0-9]{1,9}$/.test(text)) throw new UsageError('value-wrong', text);
  return Number(text);
}

/** One of these words; throws UsageError for any other. */
export function choiceOf<Choice extends string>(text: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((candidate) => candidate === text);
  if (choice === undefined) throw new UsageError('value-wrong', `${text} (${choices.join(', ')})`);
  return choice;
}

/** The person of that user name or id. */
export async function findPerson(context: Context, typed: string): Promise<AdminPerson> {
  const username = canonicalUsername(typed.replace(/^@/, ''));
  const { people } = await context.ask('admin:people', { query: username.slice(0, 100) });
  const person = people.find((candidate) => candidate.username === username);
  if (person !== undefined) return person;
  for await (const candidate of everybody(context)) if (candidate.userUid === typed) return candidate;
  throw new NotThereError('noSuchPerson', typed);
}

async function* everybody({ ask }: Context): AsyncGenerator<AdminPerson> {
  for (let after = ''; ;) {
    const { people, hasMore } = await ask('admin:people', { after });
    yield* people;
    if (!hasMore) return;
    after = people.at(-1)?.username ?? '';
  }
}

/** The group of that title or id. */
export async function findRoom({ ask }: Context, typed: string): Promise<AdminRoom> {
  const found: AdminRoom[] = [];
  for (let after: string | undefined; ;) {
    const page = await ask('admin:rooms', after === undefined ? {} : { after });
    found.push(
      ...page.rooms.filter(({ roomUid, title }) => roomUid === typed || title === typed.normalize('NFC')),
    );
    if (!page.hasMore) break;
    after = page.rooms.at(-1)?.roomUid;
  }
  const [room, other] = found;
  if (room === undefined) throw new NotThereError('noSuchRoom', typed);
  if (other !== undefined) throw new NotThereError('severalRooms', typed);
  return room;
}

export const nameOf = ({ displayName, username }: Pick<AdminPerson, 'displayName' | 'username'>): string =>
  `${displayName} (@${username})`;
