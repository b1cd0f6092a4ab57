/**
 * What the first screens do without: pieces of code that come when they are needed, or a while after the messenger, so that they
 * are there without the server, too. With the first of them come the words (`*-later.ts`), icons and styles (`*.later.css`) that
 * only they use. A new one is a line in `messenger-pieces.ts`.
 */
import { entrancePieces } from './entrance-pieces.ts';
import type { GrowingLocale } from './locales/wording-locale.ts';
import { loadLaterWording } from './locales/wording-loading.ts';
import { messengerPieces } from './messenger-pieces.ts';
import { drop } from './state/drop.ts';
import { addIconShapes } from './ui/icon.ts';
import { loadStyleSheet } from './ui/sheet-loading.ts';
import type { Toasts } from './ui/toast.ts';

const imports = { ...entrancePieces, ...messengerPieces };

type PieceName = keyof typeof imports;
type Pieces = { [Name in PieceName]: Awaited<ReturnType<(typeof imports)[Name]>> };
export type LaterPiece<Name extends PieceName> = Pieces[Name];

/** The same table, with a type that TypeScript can follow from a name to its piece. */
const loaders: { [Name in PieceName]: () => Promise<Pieces[Name]> } = imports;

export type LaterPieces = {
  /** Gives a piece as soon as it may be shown; rejects when the server, which has it, cannot be reached. */
  load: <Name extends PieceName>(name: Name) => Promise<LaterPiece<Name>>;
  /**
   * Does something with a piece: at once if it is there, else when it has come. Where it cannot come a toast says so, and then
   * `onRefused` is called.
   */
  use: <Name extends PieceName>(
    name: Name,
    show: (piece: LaterPiece<Name>) => void,
    onRefused?: () => void,
  ) => void;
  /** Loads all that a person who is signed in may need. */
  loadAll: () => Promise<unknown>;
};

/** The later pieces of a page in one language. */
export function createLaterPieces(locale: GrowingLocale, toasts: Toasts): LaterPieces {
  const ready: Partial<Pieces> = {};
  const load = async <Name extends PieceName>(name: Name): Promise<LaterPiece<Name>> => {
    const [piece, words, { laterIconShapes }] = await Promise.all([
      loaders[name](),
      loadLaterWording(locale.language),
      import('./ui/icon-shapes-later.ts'),
      loadLaterStyles(),
    ]);
    locale.addWords(words);
    addIconShapes(laterIconShapes);
    ready[name] = piece;
    return piece;
  };
  const refuse = (): void => toasts.show({ text: locale.failure({ code: 'OFFLINE' }), isProblem: true });
  return {
    load,
    use: (name, show, onRefused) => {
      const piece = ready[name];
      if (piece !== undefined) {
        show(piece);
        return;
      }
      // The only way this fails is a server that cannot be reached just now.
      const onFailure = (): void => {
        refuse();
        onRefused?.();
      };
      drop(load(name).then(show, onFailure));
    },
    loadAll: () => {
      const names = Object.keys(messengerPieces) as (keyof typeof messengerPieces)[]; // the table's keys are its type's
      return Promise.all(names.map(load));
    },
  };
}

/** index.html names the sheet; a page that has all styles in one names none. */
function loadLaterStyles(): Promise<void> {
  const meta = document.querySelector('meta[name="maru-later-styles"]');
  const address = meta?.getAttribute('content') ?? '';
  return address === '' ? Promise.resolve() : loadStyleSheet(address);
}
