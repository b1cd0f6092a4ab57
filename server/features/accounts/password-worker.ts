/** Runs in a worker thread: bcrypt takes tens of milliseconds, which the event loop does not have. */
import { compare, hash } from 'bcryptjs';
import type { PasswordTask } from './password-hasher.ts';

export default async function run(task: PasswordTask): Promise<string | boolean> {
  return task.kind === 'hash' ? hash(task.authKey, task.cost) : compare(task.authKey, task.hash);
}
