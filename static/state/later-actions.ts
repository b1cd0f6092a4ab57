import { fail } from './failure.ts';
import type { Result } from './failure.ts';

type Action = (...input: never[]) => Promise<Result<unknown>>;

/**
 * Actions that only later views call: their code comes with the first call. OFFLINE where the server, which has the code and
 * would be asked next, cannot be reached.
 */
export function createLaterActions<Actions extends { [Name in keyof Actions]: Action }>(
  names: { [Name in keyof Actions]: true },
  load: () => Promise<Actions>,
): Actions {
  let loading: Promise<Actions> | null = null;
  const ready = async (): Promise<Actions | null> => {
    loading ??= load();
    try {
      return await loading;
    } catch {
      // The next call asks again.
      loading = null;
      return null;
    }
  };
  const later =
    (name: keyof Actions): Action =>
    async (...input) => {
      const actions = await ready();
      return actions === null ? fail('OFFLINE') : actions[name](...input);
    };
  const keys = Object.keys(names) as (keyof Actions)[]; // the keys of `names` are those of the actions
  return Object.fromEntries(keys.map((name) => [name, later(name)])) as Actions; // each passes its input and its result on
}
