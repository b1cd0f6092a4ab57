/** What tests have no opinion on in a `Room`: nothing of it is set, and everybody may do everything. */
import type { Room } from '#contract/rooms.ts';

export const plainRoom: Pick<Room, 'description' | 'pictureHash' | 'policies' | 'history'> = {
  description: '',
  pictureHash: null,
  policies: { invite: 'everyone', post: 'everyone', mentionAll: 'everyone', isListed: false },
  history: false,
};
