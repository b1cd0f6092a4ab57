import { drop } from '../../state/drop.ts';
import { button } from '../../ui/button.ts';
import type { AdminContext } from './admin-context.ts';

/** Opens a folder of the server on the screen; null in a browser, which is on another machine. */
export function folderButton(
  { bridge, toasts }: AdminContext,
  command: 'open-data-folder' | 'open-logs-folder' | 'open-backups-folder',
  label: string,
): HTMLElement | null {
  const { host } = bridge;
  if (host === null) return null;
  const open = async (): Promise<void> => {
    const { sentence } = await host.run(command);
    if (sentence !== undefined) toasts.show({ text: sentence, isProblem: true, subject: command });
  };
  return button({ label, size: 'small', onClick: () => drop(open()) });
}
