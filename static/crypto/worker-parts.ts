/**
 * Parts of a worker that few browsers need, or not at first, each a script of its own. A classic worker knows no `import()`:
 * `importScripts` runs the script, which leaves the part in the worker's global scope.
 */
import type { Argon2 } from './engine-types.ts';
import type { createMemoBox } from './memo-box.ts';
import type { AesCbcEngine } from './primitives.ts';
import type { createRecoveryDesk } from './recovery-desk.ts';
import type { createTrustDesk } from './trust-desk.ts';

type WorkerParts = {
  compatibleAes: AesCbcEngine;
  argon2Script: Argon2;
  memos: typeof createMemoBox;
  trust: typeof createTrustDesk;
  recovery: typeof createRecoveryDesk;
};
type PartName = keyof WorkerParts;

declare global {
  // Put in by the bundler, which knows the names of the files (build/client-bundle.ts).
  const workerPartAddresses: Record<PartName, string>;
  /** Only workers have it. */
  function importScripts(address: string): void;
  // `var` is how TypeScript declares a property of globalThis.
  var maruWorkerParts: Partial<WorkerParts> | undefined;
}

/** Called by a part's script. */
export function offerPart<Name extends PartName>(name: Name, part: WorkerParts[Name]): void {
  globalThis.maruWorkerParts = { ...globalThis.maruWorkerParts, [name]: part };
}

/** Loads a part once, without returning to the event loop; throws where the script cannot be had. */
export function loadPart<Name extends PartName>(name: Name): WorkerParts[Name] {
  if (globalThis.maruWorkerParts?.[name] === undefined) importScripts(workerPartAddresses[name]);
  const part = globalThis.maruWorkerParts?.[name];
  if (part === undefined) throw new Error(`the script of ${name} is not what it should be`);
  return part;
}
