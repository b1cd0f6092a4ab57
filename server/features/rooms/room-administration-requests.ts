/** What a group's owner and admins change about it, and the picture that everybody sees. */
import { AppError } from '../../app-error.ts';
import type { RequestHandlers } from '../../gateway/handler.ts';
import type { FeatureDatabase } from '../feature-types.ts';
import { findPicture } from './picture-store.ts';
import {
  describeRoom,
  handOver,
  renameRoom,
  setPicture,
  setPolicies,
  setRole,
} from './room-administration.ts';
import type { AppendAudit } from './room-administration.ts';

type RequestName =
  | 'room:rename'
  | 'room:describe'
  | 'room:set-picture'
  | 'room:picture'
  | 'room:set-policies'
  | 'room:set-role'
  | 'room:hand-over';

/** Its address names its hash, so what it holds never changes. */
const pictureCacheSeconds = 365 * 24 * 3_600;

export function createRoomAdministrationRequests({
  database,
  appendAudit,
}: {
  database: FeatureDatabase;
  appendAudit: AppendAudit;
}): Pick<RequestHandlers, RequestName> {
  const { write } = database;
  return {
    'room:rename': (context, input) => write((unit) => renameRoom(unit, { context, appendAudit }, input)),
    'room:describe': (context, input) => write((unit) => describeRoom(unit, { context, appendAudit }, input)),
    'room:set-picture': (context, input) =>
      write((unit) => setPicture(unit, { context, appendAudit }, input)),
    'room:set-policies': (context, input) =>
      write((unit) => setPolicies(unit, { context, appendAudit }, input)),
    'room:set-role': (context, input) => write((unit) => setRole(unit, { context, appendAudit }, input)),
    'room:hand-over': (context, input) => write((unit) => handOver(unit, { context, appendAudit }, input)),

    async 'room:picture'({ caller }, { roomUid, hash }) {
      const picture = await findPicture(database.read, caller.userId, roomUid, hash);
      if (picture === undefined) throw new AppError('NOT_FOUND');
      const bytes = Buffer.from(picture.bytes, 'base64');
      return { contentType: picture.mediaType, cacheSeconds: pictureCacheSeconds, chunks: [bytes] };
    },
  };
}
