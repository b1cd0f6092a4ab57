import type { AdminWindow } from './admin-window.ts';
import type { IpcEventName, IpcEvents } from './ipc-contract.ts';

/** Tells the window, if there is one; the table says what goes with the name. */
export function sendIpcEvent<Name extends IpcEventName>(
  window: Pick<AdminWindow, 'send'>,
  name: Name,
  payload: IpcEvents[Name],
): void {
  window.send(name, payload);
}
