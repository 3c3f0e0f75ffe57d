// The rules of reassigning keys: what is in force, who has a chord already, what is stored.

/** Action to chord, null for none. */
export type Defaults = Readonly<Record<string, string | null>>;
/** Only what differs from the defaults; "" is none. */
export type Changed = Record<string, string>;

/** The chord of an action, or "" for none. */
export function chordInForce(action: string, defaults: Defaults, changed: Changed): string {
  return changed[action] ?? defaults[action] ?? '';
}

/** The other action that has the chord, or null. */
export function holderOf(chord: string, action: string, defaults: Defaults, changed: Changed): string | null {
  if (chord === '') return null;
  return (
    Object.keys(defaults).find((other) => other !== action && chordInForce(other, defaults, changed) === chord) ?? null
  );
}

/** Gives the action the chord and takes it from who had it. */
export function assign(chord: string, action: string, defaults: Defaults, changed: Changed): Changed {
  const holder = holderOf(chord, action, defaults, changed);
  const taken = holder === null ? changed : { ...changed, [holder]: '' };
  const { [action]: _old, ...others } = taken;
  return chord === (defaults[action] ?? '') ? others : { ...others, [action]: chord };
}
