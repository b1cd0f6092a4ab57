/** `ipcMain` and the line from each page's preload world to it. */
import type { Frame, IpcMain } from '../../../main/electron-api.ts';
import { createCodec } from './wire-codec.ts';

type Listener = Parameters<IpcMain['handle']>[1];

export const invokeHandlers = new Map<string, Listener>();

export const ipcMain: IpcMain = {
  handle(channel, listener) {
    if (invokeHandlers.has(channel)) throw new Error(`a second handler for ${channel}`);
    invokeHandlers.set(channel, listener);
  },
};

export const ipcCodec = createCodec(null);

/** Answers one message of a page; gives the text to send back. */
export async function answerMessage(
  text: string,
  sender: object,
  senderFrame: Frame | null,
): Promise<string> {
  const { id, channel, args } = ipcCodec.decode(text) as { id: number; channel: string; args: unknown[] };
  try {
    const listener = invokeHandlers.get(channel);
    if (listener === undefined) throw new Error(`No handler registered for '${channel}'`);
    return ipcCodec.encode({ type: 'answer', id, value: await listener({ sender, senderFrame }, args[0]) });
  } catch (error) {
    return ipcCodec.encode({
      type: 'answer',
      id,
      error: `Error invoking remote method '${channel}': ${String(error)}`,
    });
  }
}
