/** Whether a text could be formatted, and the code for it, which comes when the first such text is shown. */
import type { PageContext } from '../../page-context.ts';
import { drop } from '../../state/drop.ts';

/** Marks of formatting, or of a quote or a list at the start of a line. Most messages have none. */
const signs = /[*`]|(?:^|\W)_\S|~~|\]\(|^(?:>| {0,3}(?:-|\d+[.)]) )/m;

export const hasFormat = (text: string): boolean => signs.test(text);

type Formatter = (text: string) => Node[];

let formatter: Formatter | null = null;

/** Shows a text formatted: at once if the code is there, else `show` is called when it has come. */
export function withFormat(
  later: Pick<PageContext['later'], 'load'>,
  show: (format: Formatter) => void,
): void {
  if (formatter !== null) {
    show(formatter);
    return;
  }
  const begin = async (): Promise<void> => {
    try {
      ({ formattedText: formatter } = await later.load('formatting'));
      show(formatter);
    } catch {
      // The server, which has the code, is away: the text stays plain until the row is drawn anew.
    }
  };
  drop(begin());
}
