import type { SettingsStore } from './desktop-settings.ts';
import type { Host } from './host.ts';
import type { IpcHandlers } from './ipc-gateway.ts';
import type { ServerProcess } from './server-process.ts';

type Deps = { host: Host; server: Pick<ServerProcess, 'call'>; settings: SettingsStore };

/** What each request of the window does. */
export const createIpcHandlers = ({ host, server, settings }: Deps): IpcHandlers => ({
  'admin:call': ({ name, input }) => server.call(name, input),
  'host:state': () => host.state(),
  'host:run': ({ command }) => host.run(command),
  'host:settings': () => settings.read(),
  'host:abilities': () => host.abilities(),
  'host:change-settings': (changes) => settings.change(changes),
});
