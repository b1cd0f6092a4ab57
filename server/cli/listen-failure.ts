import { StartupError } from '../startup-error.ts';
import { firstFreePort } from './port-choice.ts';
import { findPortOwner } from './port-owner.ts';

/** What the operating system said about listening, as a start-up failure with its facts; other errors come back as they are. */
export async function explainListenFailure(
  error: unknown,
  host: string | null,
  port: number,
): Promise<unknown> {
  switch (errorCode(error)) {
    case 'EADDRINUSE': {
      const next = Array.from({ length: 20 }, (_, offset) => port + 1 + offset).filter(
        (candidate) => candidate < 65_536,
      );
      const freePort = await firstFreePort(next, host);
      const facts = { port, ...findPortOwner(port), ...(freePort === null ? {} : { freePort }) };
      return new StartupError('PORT_TAKEN', facts, { cause: error });
    }
    case 'EACCES':
    case 'EPERM':
      return isListenError(error) ? new StartupError('PORT_NOT_ALLOWED', { port }, { cause: error }) : error;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAFNOSUPPORT':
    case 'EINVAL':
      return host === null ? error : new StartupError('HOST_NOT_HERE', { host }, { cause: error });
    default:
      return error;
  }
}

const errorCode = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

const isListenError = (error: unknown): boolean =>
  error instanceof Error && 'syscall' in error && error.syscall === 'listen';
