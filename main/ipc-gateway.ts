/** The only place where messages of the window come in. Each is checked: who sent it, then what it says, before anything is done. */
import { ipcRequests } from './ipc-contract.ts';
import type { IpcAnswer, IpcInput, IpcName, IpcOutputs } from './ipc-contract.ts';
import type { IpcEvent, IpcMain } from './electron-api.ts';

export type IpcHandlers = {
  [Name in IpcName]: (input: IpcInput<Name>) => Promise<IpcOutputs[Name]> | IpcOutputs[Name];
};

type Deps = {
  ipcMain: IpcMain;
  handlers: IpcHandlers;
  /** True only for the top frame of our own window at our own page. */
  isOwnFrame: (sender: object, frame: IpcEvent['senderFrame']) => boolean;
  log: (text: string) => void;
};

/**
 * Answers the requests of the table. A frame that is not our own page gets FORBIDDEN (Electron security checklist: validate
 * the sender of all IPC messages), an input that does not fit its schema INVALID_INPUT, a bug INTERNAL.
 */
export function openIpcGateway({ ipcMain, handlers, isOwnFrame, log }: Deps): void {
  const names = Object.keys(ipcRequests) as IpcName[]; // Object.keys forgets the literal names
  for (const name of names) {
    ipcMain.handle(name, (event, input) => answer(name, event, input));
  }

  async function answer<Name extends IpcName>(
    name: Name,
    { sender, senderFrame }: IpcEvent,
    input: unknown,
  ): Promise<IpcAnswer<Name>> {
    if (!isOwnFrame(sender, senderFrame)) {
      log(`refused ${name}: a foreign frame asked`);
      return { ok: false, code: 'FORBIDDEN' };
    }
    const parsed = ipcRequests[name].input.safeParse(input);
    if (!parsed.success) {
      log(`refused ${name}: the message is malformed`);
      return { ok: false, code: 'INVALID_INPUT' };
    }
    try {
      // the name decides the schema, and the schema the handler's input
      return { ok: true, value: await handlers[name](parsed.data as IpcInput<Name>) };
    } catch (error) {
      log(`${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return { ok: false, code: 'INTERNAL' };
    }
  }
}
