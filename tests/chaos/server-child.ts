/** The real server as a process of its own that a test can kill. Arguments: data folder and port (0: any). */
import { configWith } from '../../server/config.ts';
import { startServer } from '../../server/start-server.ts';

const [dataDir = '', port = '0'] = process.argv.slice(2);
const server = await startServer(
  {
    config: configWith(dataDir, {
      port: Number(port),
      host: '127.0.0.1',
      loginPerMinute: 100_000,
      registerPerMinute: 100_000,
      generalPerMinute: 10_000_000,
      // the test sends far faster than a person may
      socketSendMessagePerMinute: 10_000_000,
    }),
    version: '0.0.0',
    onDataFolderReady: async () => undefined,
    onFatal: () => process.exit(1),
  },
  { passwordCost: 4, gateway: { client: null, isProcessMeasured: false } },
);
process.send?.({ port: server.port });
// the server ends with the test, however that ends
process.on('disconnect', () => process.exit(0));
