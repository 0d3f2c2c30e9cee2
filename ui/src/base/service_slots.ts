// Which of the twelve service colours a name gets: by hash, the next free one if that is taken.

export const SLOTS = 12;

const known = new Map<string, number>();

/**
 * Returns the slot (1..12) of a service, the same on every page.
 *
 * Names that are told of together (`knowServices`) get slots that do not depend on which page was
 * opened first; a name that nobody told of gets the next free slot when it is first seen.
 */
export function slotOf(name: string): number {
  const before = known.get(name);
  if (before !== undefined) return before;
  const taken = new Set(known.values());
  let slot = (hash(name) % SLOTS) + 1;
  if (taken.size < SLOTS) while (taken.has(slot)) slot = (slot % SLOTS) + 1;
  known.set(name, slot);
  return slot;
}

/** Gives all services their slots, in the order of their names. */
export function knowServices(names: readonly string[]): void {
  for (const name of [...names].sort()) slotOf(name);
}

function hash(text: string): number {
  let value = 2_166_136_261;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 16_777_619);
  return value >>> 0;
}
