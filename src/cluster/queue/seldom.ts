/** Messages that may come by the dozen, such as one for each job of a run: each is due once, and then counted for a while. */
export interface Seldom {
  /** Whether the message is to be told now; else it is counted. */
  readonly isDue: (message: string) => boolean;
  /** Those that came again, with how often, once their while is over; with `all`, whatever has been counted. */
  readonly owed: (all?: boolean) => readonly { readonly message: string; readonly more: number; readonly seconds: number }[];
}

export const seldom = (everyMs: number): Seldom => {
  const lately = new Map<string, { readonly since: number; more: number }>();
  return {
    isDue: message => {
      const entry = lately.get(message);
      if (entry !== undefined) {
        entry.more++;
        return false;
      }
      lately.set(message, { since: performance.now(), more: 0 });
      return true;
    },
    owed: (all = false) => {
      const now = performance.now();
      return [...lately].flatMap(([message, { since, more }]) => {
        if (!all && now - since < everyMs) return [];
        // What goes on is counted on; what has ended is due again when it comes back.
        if (more > 0 && !all) lately.set(message, { since: now, more: 0 });
        else lately.delete(message);
        return more > 0 ? [{ message, more, seconds: Math.round((now - since) / 1000) }] : [];
      });
    },
  };
};
