/**
 * Raw Stripe objects as the API sends them, for tests. Each kind's file makes them from the SDK's types for the pinned API
 * version in the shape of JSON, so an SDK that gains a field stops that file from compiling.
 */
import type Stripe from 'stripe';

/** What JSON makes of one of the SDK's types: a decimal is a string, and `deleted` is not there. */
export type Wire<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends Stripe.Decimal
    ? string
    : T extends readonly (infer Item)[]
      ? Wire<Item>[]
      : { [Key in keyof T as Key extends 'deleted' ? never : Key]: Wire<T[Key]> };

/** Fields to state; one stated as `undefined` is left out of the answer, as Stripe leaves some out when unset. */
export type Overrides<T> = { readonly [Key in keyof T]?: T[Key] | undefined };

/** What the test server reads and never sends. */
export interface Unsent {
  /** Made in passing (`price_data`, `product_data`): never listed, found by its id. */
  inline?: true;
}

/** When the first object was made, in seconds since 1970. */
export const EPOCH = 1_760_000_000;

let made = 0;

/** Sets the counter behind ids and times: the next object is number `last + 1`. */
export function countFrom(last: number): void {
  made = last;
}

/** The number of the next object. Each is made one second after the one before. */
export function next(): number {
  made += 1;
  return made;
}

/** What follows the prefix of an id. */
export function serial(number: number): string {
  return `1Made${String(number).padStart(6, '0')}`;
}

/** The overrides as fields of `T`: the one place that lets `undefined` stand for a field that is not sent. */
export function stated<T>(overrides: Overrides<T>): Partial<T> {
  return overrides as Partial<T>;
}
