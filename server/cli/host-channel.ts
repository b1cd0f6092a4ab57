/**
 * The line to whoever started this process: `process.parentPort` in a utility process of the desktop app, `process.send` in
 * a forked one, chosen at run time; nothing in a terminal. Electron's types stay out of the server, so the port is described here.
 */
import { HostMessage } from '#contract/process-messages.ts';
import type { ServerMessage } from '#contract/process-messages.ts';

type ParentPort = {
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  postMessage(message: unknown): void;
};

export type HostChannel = {
  tell(message: ServerMessage): void;
  /** What the host says, validated; anything else is passed over. */
  onMessage(listener: (message: HostMessage) => void): void;
  /** A forked process outlives its parent and must be told; a utility process ends with its own. */
  onGone(listener: () => void): void;
};

/** The channel of this process, or null if nobody is there to talk to. */
export function openHostChannel(own: NodeJS.Process): HostChannel | null {
  const port = parentPortOf(own);
  if (port === null && own.send === undefined) return null;
  return {
    tell(message) {
      if (port !== null) port.postMessage(message);
      else if (own.connected) own.send?.(message);
    },
    onMessage(listener) {
      const hear = (raw: unknown): void => {
        const parsed = HostMessage.safeParse(raw);
        if (parsed.success) listener(parsed.data);
      };
      if (port !== null) port.on('message', ({ data }) => hear(data));
      else own.on('message', hear);
    },
    onGone(listener) {
      if (port === null) own.on('disconnect', listener);
    },
  };
}

function parentPortOf(own: NodeJS.Process): ParentPort | null {
  const port: unknown = 'parentPort' in own ? own.parentPort : null;
  const isPort = typeof port === 'object' && port !== null && 'postMessage' in port;
  return isPort ? (port as ParentPort) : null; // only Electron sets it, and it looks like that
}
