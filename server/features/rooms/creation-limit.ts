/**
 * How many rooms a person may make in an hour. Nobody has to agree to being put into a room, and a person can be in so many
 * only: without this, anybody could fill a colleague's list within minutes, so that no one else can invite them any more.
 */
import { AppError } from '../../app-error.ts';

export type CreationLimit = {
  /** Counts a room that is about to be made. Throws RATE_LIMITED with the time until the next one may be. */
  take: (userId: number, now: number) => void;
};

const windowMs = 3_600_000;

/** In memory, for one process: at most `perHour` times a person are kept. */
export function createCreationLimit(perHour: number): CreationLimit {
  const timesByUser = new Map<number, number[]>();
  return {
    take(userId, now) {
      const recent = (timesByUser.get(userId) ?? []).filter((at) => at > now - windowMs);
      const oldest = recent[0];
      if (oldest !== undefined && recent.length >= perHour) {
        throw new AppError('RATE_LIMITED', { retryAfterMs: oldest + windowMs - now });
      }
      timesByUser.set(userId, [...recent, now]);
    },
  };
}
