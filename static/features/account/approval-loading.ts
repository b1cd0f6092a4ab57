import type { Result } from '../../state/failure.ts';
import type { ApprovalWait } from './approval-wait.ts';

/** Under this name a browser remembers whose account waits, so that a reload shows the same screen. */
export const waitingName = 'approval-pending';

export type LaterApproval = Omit<ApprovalWait, 'begin'> & {
  /** False where the code cannot be had just now. */
  begin: (username: string, open: () => Promise<Result<void>>) => Promise<boolean>;
};

/** Waiting for an administrator, whose code comes when somebody does. */
export function createLaterApproval(load: () => Promise<ApprovalWait>): LaterApproval {
  let made: ApprovalWait | null = null;
  return {
    begin: async (username, open) => {
      try {
        made ??= await load();
      } catch {
        return false;
      }
      made.begin(username, open);
      return true;
    },
    wakeUp: () => made?.wakeUp(),
    cancel: () => made?.cancel(),
    stop: () => made?.stop(),
  };
}
