// Which of the twelve service colours a name gets: the same everywhere, by hash.

export const SLOTS = 12;

/** Returns a slot (1..12) for each name; collisions move to the next free slot. */
export function serviceSlots(names: readonly string[]): ReadonlyMap<string, number> {
  const slots = new Map<string, number>();
  const taken = new Set<number>();
  for (const name of [...new Set(names)].sort()) {
    let slot = (hash(name) % SLOTS) + 1;
    if (taken.size < SLOTS) while (taken.has(slot)) slot = (slot % SLOTS) + 1;
    taken.add(slot);
    slots.set(name, slot);
  }
  return slots;
}

/** The slot of a name that stands alone. */
export function slotOf(name: string): number {
  return (hash(name) % SLOTS) + 1;
}

function hash(text: string): number {
  let value = 2_166_136_261;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 16_777_619);
  return value >>> 0;
}
