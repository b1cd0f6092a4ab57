import type { FailureCode } from '../state/failure.ts';
import type { koLater } from './ko-later.ts';
import type { ko } from './ko.ts';

type Korean = typeof ko & typeof koLater;

/** Every text of the product by its key. */
export type TextKey = keyof Korean;

/** A text, or its forms by grammatical number of `{count}`. */
export type Words = string | { one: string; other: string };

/** What the sign-in form and the first chat screen say. A key that is missing or left over does not compile. */
export type FirstWording = Record<keyof typeof ko, Words>;

/** What only later pieces say: added to a locale before one of them is shown. */
export type LaterWording = Record<keyof typeof koLater, Words>;

export type PlaceholderOf<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PlaceholderOf<Rest>
  : never;

/** What a text needs to be complete, read off its Korean form. */
export type Parameters<Key extends TextKey> =
  PlaceholderOf<Korean[Key]> extends never ? [] : [Record<PlaceholderOf<Korean[Key]>, string | number>];

/** The keys of texts that are complete as they are. */
export type PlainTextKey = {
  [Key in TextKey]: PlaceholderOf<Korean[Key]> extends never ? Key : never;
}[TextKey];

/** Compiles only while every code that an action can fail with has its sentence. */
export const failureKey = (code: FailureCode): TextKey & `failure.${FailureCode}` => `failure.${code}`;
