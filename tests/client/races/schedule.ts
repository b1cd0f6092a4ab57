/** What happens at once: rooms to begin with, and operations of several devices that do not wait for each other. */
import * as fc from 'fast-check';
import { deviceCount, peopleCount } from './world.ts';

/** All numbers are indexes: of devices, people, and the schedule's rooms. */
export type Operation =
  | { kind: 'invite'; who: number; room: number; whom: number[] }
  | { kind: 'kick'; who: number; room: number; whom: number }
  | { kind: 'leave'; who: number; room: number }
  | { kind: 'send'; who: number; room: number }
  | { kind: 'look'; who: number; room: number }
  | { kind: 'history'; who: number; room: number; isOn: boolean }
  | { kind: 'disable'; whom: number }
  | { kind: 'enable'; whom: number }
  | { kind: 'reset'; whom: number; isDeviceLost: boolean }
  | { kind: 'confirm'; who: number; whom: number }
  | { kind: 'cut'; who: number }
  | { kind: 'mend'; who: number }
  | { kind: 'blink'; who: number };

export type Step = {
  operation: Operation;
  /** `none`: the next one begins in the same turn; a number: so many turns later; `until-done`: once this one is over. */
  pause: 'none' | 'until-done' | number;
};

export type FirstRoom = { creator: number; others: number[]; admins: number[]; history: boolean };
export type Schedule = { rooms: FirstRoom[]; steps: Step[] };

const roomsMax = 2;

const device = fc.nat(deviceCount - 1);
const person = fc.nat(peopleCount - 1);
const room = fc.nat(roomsMax - 1);
const people = fc.uniqueArray(person, { minLength: 1, maxLength: peopleCount - 1 });

const kindOf = <Kind extends string>(kind: Kind) => fc.constant(kind);

const operations: readonly fc.WeightedArbitrary<Operation>[] = [
  {
    weight: 12,
    arbitrary: fc.record({
      kind: kindOf('invite'),
      who: device,
      room,
      whom: fc.uniqueArray(person, { minLength: 1, maxLength: 2 }),
    }),
  },
  { weight: 8, arbitrary: fc.record({ kind: kindOf('kick'), who: device, room, whom: person }) },
  { weight: 8, arbitrary: fc.record({ kind: kindOf('leave'), who: device, room }) },
  { weight: 10, arbitrary: fc.record({ kind: kindOf('send'), who: device, room }) },
  { weight: 2, arbitrary: fc.record({ kind: kindOf('look'), who: device, room }) },
  { weight: 2, arbitrary: fc.record({ kind: kindOf('history'), who: device, room, isOn: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: kindOf('disable'), whom: person }) },
  { weight: 2, arbitrary: fc.record({ kind: kindOf('enable'), whom: person }) },
  { weight: 4, arbitrary: fc.record({ kind: kindOf('cut'), who: device }) },
  { weight: 4, arbitrary: fc.record({ kind: kindOf('mend'), who: device }) },
  { weight: 6, arbitrary: fc.record({ kind: kindOf('blink'), who: device }) },
  // somebody's keys are lost, and a colleague types the digits of the new ones
  {
    weight: 1,
    arbitrary: fc.record({ kind: kindOf('reset'), whom: person, isDeviceLost: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ kind: kindOf('confirm'), who: device, whom: person }) },
];

const stepOf = (operation: fc.Arbitrary<Operation>): fc.Arbitrary<Step> =>
  fc.record({
    operation,
    pause: fc.oneof(
      { weight: 4, arbitrary: kindOf('none') },
      { weight: 4, arbitrary: fc.integer({ min: 1, max: 40 }) },
      { weight: 1, arbitrary: kindOf('until-done') },
    ),
  });

/** Operations that name a room or a person that is not there, or who may not, are refused as they would be. */
export const schedules: fc.Arbitrary<Schedule> = fc.record({
  rooms: fc.array(
    fc.record({
      creator: device,
      others: people,
      admins: fc.uniqueArray(person, { maxLength: 2 }),
      history: fc.boolean(),
    }),
    { minLength: 1, maxLength: roomsMax },
  ),
  steps: fc.array(stepOf(fc.oneof(...operations)), { minLength: 4, maxLength: 14 }),
});

/** One line per room and step, for whoever has to find out what went wrong. */
export function describeSchedule({ rooms, steps }: Schedule): string {
  const lines = [
    ...rooms.map((first, index) => `room ${index}: ${JSON.stringify(first)}`),
    ...steps.map(
      ({ operation: { kind, ...rest }, pause }) => `${kind} ${JSON.stringify(rest)} then ${pause}`,
    ),
  ];
  return lines.join('\n');
}
