// Failures that the server pins to single members of what was sent: shown at their fields, the rest where failures stand.
import type { Failure } from './problems';

/** What is wrong with the member at this JSON pointer. */
export function at(failure: Failure | undefined, pointer: string): string | undefined {
  return failure?.errors.find((error) => error.pointer === pointer)?.message;
}

/** The failure without what is shown at fields; nothing when that was all. */
export function besides(failure: Failure | undefined, pointers: readonly string[]): Failure | undefined {
  if (!failure || failure.errors.length === 0) return failure;
  const errors = failure.errors.filter((error) => !pointers.includes(error.pointer));
  return errors.length > 0 ? { ...failure, errors } : undefined;
}
