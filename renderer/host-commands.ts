import type { HostAction, HostCommand, HostControls } from '../static/features/admin/admin-bridge.ts';
import type { AdminContext } from '../static/features/admin/admin-context.ts';

/** Has the host do something; what it has to say if it could not is shown. True if it was done. */
export async function runCommand(
  { toasts }: AdminContext,
  host: HostControls,
  command: HostCommand | HostAction['id'],
): Promise<boolean> {
  const { isDone, sentence } = await host.run(command);
  if (!isDone && sentence !== undefined) toasts.show({ text: sentence, isProblem: true, subject: command });
  return isDone;
}
