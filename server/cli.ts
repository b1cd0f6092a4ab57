/** The headless entry: arguments → configuration → server, with everything a person at the terminal is told. */
import { existsSync } from 'node:fs';
import { homedir, hostname, networkInterfaces } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { bestLanAddress, serverAddresses } from './cli/addresses.ts';
import { isBrowserWanted, openBrowser } from './cli/browser-opening.ts';
import { helpText } from './cli/help-text.ts';
import { withCommandName } from './cli/command-name.ts';
import { terminalLanguage } from './cli/language.ts';
import { explainListenFailure } from './cli/listen-failure.ts';
import { openHostChannel } from './cli/host-channel.ts';
import { answerHost } from './cli/host-requests.ts';
import { licenceText } from './cli/licences.ts';
import { checkNodeVersion } from './cli/node-version.ts';
import { firstFreePort, firstRunPorts } from './cli/port-choice.ts';
import type { RunningServer } from './cli/running-server.ts';
import { startScreen } from './cli/start-screen.ts';
import { listenForStop } from './cli/stop-requests.ts';
import { openTerminal } from './cli/terminal.ts';
import { productVersion } from './cli/version.ts';
import { changeConfigFile, configFilePath } from './config-file.ts';
import { currentEnvironment, describeConfig, loadConfig } from './config.ts';
import type { Config, LoadedConfig } from './config.ts';
import { parseArguments } from './cli/arguments.ts';
import { openAdminLine } from './cli/admin/server-line.ts';
import type { LineServer } from './cli/admin/line-server.ts';
import type { AdminCommand, CopyCommand } from './cli/arguments.ts';
import { secretPath } from './server-secret.ts';
import { logger, openLog } from './logger.ts';
import type { OpenLog } from './logger.ts';
import { StartupError } from './startup-error.ts';
import { startupMessage } from './startup-messages.ts';

/** 0: stopped as asked. 1: stopped by a bug, a failing disk, or at once. 2: could not start. */
const exitCodes = { stopped: 0, failed: 1, notStarted: 2 } as const;

// how long a graceful stop may take before the process ends anyway; what was acknowledged is on the disk by then
const stopLimitMs = 10_000;

const codeDir = import.meta.dirname;
const env = currentEnvironment();
const language = terminalLanguage(env);
const log = logger('cli');
const inWordsOfHere = (text: string): string =>
  withCommandName(text, codeDir, process.versions['electron'] !== undefined);
const host = openHostChannel(process);
let openedLog: OpenLog | null = null;
let running: RunningServer | null = null;
let adminLine: LineServer | null = null;
/** Settles when a start that is under way has come to its end, one way or the other. */
let starting: Promise<unknown> = Promise.resolve();
let isRestarting = false;
let isStopping = false;
let leaving: Promise<never> | null = null;

async function main(): Promise<void> {
  const argv = process.argv.slice(2);
  const wish = parseArguments(argv);
  if (wish.isHelpWanted) return console.log(inWordsOfHere(helpText(language)));
  if (wish.isVersionWanted) return console.log(productVersion(codeDir));
  checkNodeVersion(process.versions.node);
  const loaded = readConfig();
  if (wish.command !== null) return runCommand(wish.command, loaded);
  const onFirst = (reason: string): void => void stop(reason, exitCodes.stopped);
  listenForStop({ process, host, onFirst, onSecond: stopAtOnce });
  const { dataDir } = loaded.config;
  host?.tell({ type: 'configured', dataDir, logsDir: logsFolder(dataDir) });
  process.on('uncaughtException', (error) => fail('uncaught exception', error));
  process.on('unhandledRejection', (error) => fail('unhandled rejection', error));
  answerHost(host, () => running);
  const started = await start(loaded);
  await welcome(loaded, started);
  openOnDesktop(loaded, started);
}

/** Read anew at each start: a restart takes in what was changed meanwhile. */
const readConfig = (): LoadedConfig =>
  loadConfig(process.argv.slice(2), { platform: process.platform, env, homeDir: homedir(), codeDir });

/** Does one thing and leaves, without running the server. */
async function runCommand(command: CopyCommand | AdminCommand, loaded: LoadedConfig): Promise<void> {
  if (command.name === 'admin') return runAdmin(command, loaded);
  const { config } = loaded;
  const { runCopyCommand } = await import('./cli/copy-commands.ts');
  const version = productVersion(codeDir);
  console.log(await runCopyCommand({ command, config, version, language, now: Date.now() }));
  // a process of the desktop app does not end by itself when nothing is left to do
  if (host !== null) await leave(exitCodes.stopped);
}

/** The administrator's console at a terminal, beside a running server or on the data of a stopped one. */
async function runAdmin({ argv }: AdminCommand, loaded: LoadedConfig): Promise<void> {
  const { runAdminCommand } = await import('./cli/admin/admin-command.ts');
  const { openLine } = await import('./cli/admin/open-line.ts');
  const openData = async () => {
    const { openOffline } = await import('./start-offline.ts');
    return openOffline({ ...loaded, version: productVersion(codeDir) });
  };
  const exitCode = await runAdminCommand({
    argv,
    language,
    terminal: openTerminal(process, inWordsOfHere),
    open: () => openLine(loaded, process.platform, openData),
  });
  await leave(exitCode);
}

/**
 * Stops gracefully and starts again in this process, because nobody may be there to start it anew. Asked for twice (by two
 * administrators) it does so once, and not at all when the server is about to go.
 */
function restart(): void {
  if (isRestarting || isStopping) return;
  isRestarting = true;
  starting = stopAndStart()
    .catch(reportStartFailure)
    .finally(() => (isRestarting = false));
}

async function stopAndStart(): Promise<void> {
  log.info('starting again');
  host?.tell({ type: 'restarting' });
  const limit = setTimeout(
    () => void leave(exitCodes.failed, 'the server did not stop in time'),
    stopLimitMs,
  );
  await stopServer();
  clearTimeout(limit);
  // whoever asked for the end meanwhile waits for this, and finds nothing running
  if (isStopping) return;
  await openedLog?.close();
  const loaded = readConfig();
  await welcome(loaded, await start(loaded));
}

async function start(loaded: LoadedConfig): Promise<RunningServer> {
  const config = { ...loaded.config, port: await choosePort(loaded) };
  // not imported before the version is known to be right: the database driver crashes on older ones
  const { startServer } = await import('./start-server.ts');
  try {
    const started = startServer({
      config,
      version: productVersion(codeDir),
      onDataFolderReady: () => openLogFile(config),
      onFatal: (error) => fail('the server cannot go on', error),
      host: {
        origins: loaded.origins,
        recentLog: () => openedLog?.recent() ?? [],
        licences: () => licenceText(codeDir),
        restart,
        onEvent: (name, payload) => host?.tell({ type: 'event', name, payload }),
      },
    });
    // a restart is waited for as a whole
    if (!isRestarting) starting = started.catch(() => undefined);
    running = await started;
  } catch (error) {
    throw await explainListenFailure(error, config.host, config.port);
  }
  adminLine = await openAdminLine(config.dataDir, () => running);
  if (config.port !== loaded.config.port) {
    changeConfigFile(configFilePath(config.dataDir), { port: config.port });
  }
  return running;
}

async function stopServer(): Promise<void> {
  // no new commands, then the server: an answer that is being made still goes out, or the terminal says that it did not
  await adminLine?.close();
  adminLine = null;
  await running?.stop();
  running = null;
}

/** On the first run, if nobody chose a port, the next free one of 5001–5010 stands in for a taken 5000. */
async function choosePort({ config, origins }: LoadedConfig): Promise<number> {
  // the secret is the first thing that a first run leaves behind
  const isFirstRun = !existsSync(secretPath(config.dataDir));
  if (origins.port.source !== 'default' || !isFirstRun) return config.port;
  return (await firstFreePort(firstRunPorts, config.host)) ?? config.port;
}

const logsFolder = (dataDir: string): string => path.join(dataDir, 'logs');

async function openLogFile({ dataDir, logLevel }: Config): Promise<void> {
  openedLog = await openLog({
    directory: logsFolder(dataDir),
    level: logLevel,
    terminal: process.stderr,
  });
}

async function welcome(loaded: LoadedConfig, { port, setupCode }: RunningServer): Promise<void> {
  const { host: address, dataDir } = loaded.config;
  const addresses = serverAddresses({
    host: address,
    port,
    interfaces: networkInterfaces(),
    hostName: hostname(),
  });
  const isTerminal = process.stdout.isTTY;
  const best = bestLanAddress(addresses);
  const qrCode = isTerminal && best ? await terminalQrCode(best.url) : '';
  const version = productVersion(codeDir);
  const screen = { version, dataDir, addresses, setupCode, qrCode };
  process.stdout.write(startScreen(screen, language, address !== null));
  log.info('listening', { version, port, host: address, node: process.versions.node, pid: process.pid });
  log.info('configuration', chosenConfig(loaded));
  host?.tell({ type: 'ready', port });
}

/** What somebody set, and where: `port: '8080 (argument)'`. Secrets are masked. */
const chosenConfig = (loaded: LoadedConfig): Record<string, string> =>
  Object.fromEntries(
    describeConfig(loaded)
      .filter(({ origin }) => origin.source !== 'default')
      .map(({ key, value, origin }) => [key, `${value} (${origin.source})`]),
  );

function openOnDesktop({ config, commandLine }: LoadedConfig, { port }: RunningServer): void {
  const surroundings = { platform: process.platform, env, isTerminal: process.stdout.isTTY };
  const [own] = serverAddresses({ host: config.host, port, interfaces: {}, hostName: '' });
  if (own && isBrowserWanted(commandLine, surroundings)) openBrowser(own.url, process.platform);
}

async function terminalQrCode(url: string): Promise<string> {
  const { default: qrcode } = await import('qrcode');
  return qrcode.toString(url, { type: 'terminal', small: true });
}

async function stop(reason: string, exitCode: number): Promise<never> {
  isStopping = true;
  log.info('stopping', { reason });
  // unref: the limit itself must not keep a stopped process alive
  setTimeout(() => void leave(exitCodes.failed, 'the server did not stop in time'), stopLimitMs).unref();
  try {
    // what a start has taken (the folder, the port) is given back only by a server that has started
    await starting;
    await stopServer();
  } catch (error) {
    log.error('could not stop cleanly', { error });
    return leave(exitCodes.failed);
  }
  return leave(exitCode);
}

function stopAtOnce(): void {
  log.warn('stopping at once');
  void leave(exitCodes.failed);
}

/** A bug or a failing disk: what is in memory cannot be trusted any more, so nothing is finished, only written down. */
function fail(what: string, error: unknown): void {
  log.fatal(what, { error });
  if (openedLog === null) console.error(what, error);
  void leave(exitCodes.failed);
}

/** The first one decides how: what goes wrong on the way out must not begin it again. */
function leave(exitCode: number, reason?: string): Promise<never> {
  if (reason !== undefined) log.error(reason);
  return (leaving ??= closeAndExit(exitCode));
}

async function closeAndExit(exitCode: number): Promise<never> {
  setTimeout(() => process.exit(exitCode), 2000).unref();
  await openedLog?.close();
  return process.exit(exitCode);
}

async function reportStartFailure(error: unknown): Promise<never> {
  const failure = isDiskFull(error)
    ? new StartupError('DISK_FULL', { path: error.path ?? '' }, { cause: error })
    : error;
  if (!(failure instanceof StartupError)) {
    log.fatal('could not start', { error });
    console.error(error);
    return leave(exitCodes.failed);
  }
  const { sentence, advice } = startupMessage(failure.code, failure.facts, language);
  const head = { ko: '마루를 시작할 수 없습니다', en: 'Maru cannot start' }[language];
  log.error('could not start', { code: failure.code, facts: failure.facts });
  process.stderr.write(`\n${head} [${failure.code}]\n  ${sentence}\n  → ${inWordsOfHere(advice)}\n\n`);
  host?.tell({ type: 'failed', code: failure.code, facts: { ...failure.facts } });
  return leave(exitCodes.notStarted);
}

const isDiskFull = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'code' in error && error.code === 'ENOSPC';

await main().catch(reportStartFailure);
