/** The window's only way out: `window.desktop`, and nothing else. Runs sandboxed; knows the table's names and types, not its code. */
import { contextBridge, ipcRenderer } from 'electron';
import type {
  DesktopBridge,
  IpcAnswer,
  IpcEventName,
  IpcEvents,
  IpcInput,
  IpcName,
  IpcOutputs,
} from './ipc-contract.ts';

async function invoke<Name extends IpcName>(name: Name, input: IpcInput<Name>): Promise<IpcOutputs[Name]> {
  const answer: IpcAnswer<Name> = await ipcRenderer.invoke(name, input);
  if (!answer.ok) throw new Error(answer.code);
  return answer.value;
}

/** Listeners never see Electron's event object, which would hand them the sender. */
function listen<Name extends IpcEventName>(name: Name, listener: (payload: IpcEvents[Name]) => void) {
  const receive = (_event: unknown, payload: IpcEvents[Name]): void => listener(payload);
  ipcRenderer.on(name, receive);
  return (): void => void ipcRenderer.off(name, receive);
}

const bridge: DesktopBridge = {
  // the server's contract gives the answer its type, and the server checks it against that
  call: ((name, input) => invoke('admin:call', { name, input })) as DesktopBridge['call'],
  on: (name, listener) =>
    listen('admin:event', (event) => {
      // as above: the name decides the payload
      if (event.name === name) listener(event.payload as Parameters<typeof listener>[0]);
    }),
  host: {
    state: () => invoke('host:state', undefined),
    onState: (listener) => listen('host:state-changed', listener),
    run: (command) => invoke('host:run', { command }),
    settings: () => invoke('host:settings', undefined),
    abilities: () => invoke('host:abilities', undefined),
    changeSettings: (changes) => invoke('host:change-settings', changes),
    onSettings: (listener) => listen('host:settings-changed', listener),
  },
};

contextBridge.exposeInMainWorld('desktop', bridge);
