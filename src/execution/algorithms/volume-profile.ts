const HOUR = 3_600_000;
const HOURS = 24;

/** How much a market trades in each hour of the day, UTC, from the bars seen so far. */
export class VolumeProfile {
  /** Volume and milliseconds seen in each hour. */
  private readonly _seen = new Float64Array(2 * HOURS);
  /** The hour of the last bar: its beginning, its end, its place. */
  private readonly _hour = new Float64Array(3);

  /** A bar that ended at `end`: its volume counts evenly over its length, ms. Not called with what is unknown. */
  add(end: number, length: number, volume: number): void {
    const hour = this._hour;
    if (!(end - length >= hour[0]! && end <= hour[1]!)) return this._addOver(end, length, volume);
    const seen = this._seen;
    const place = hour[2]!;
    seen[place] = seen[place]! + (volume * length) / length;
    seen[place + 1] = seen[place + 1]! + length;
  }

  private _addOver(end: number, length: number, volume: number): void {
    const seen = this._seen;
    for (let from = end - length; from < end;) {
      const hours = Math.floor(from / HOUR);
      const to = Math.min(end, (hours + 1) * HOUR);
      const place = 2 * (hours % HOURS);
      seen[place] = seen[place]! + (volume * (to - from)) / length;
      seen[place + 1] = seen[place + 1]! + (to - from);
      this._hour[0] = hours * HOUR;
      this._hour[1] = (hours + 1) * HOUR;
      this._hour[2] = place;
      from = to;
    }
  }

  /** Volume expected in each of `slices` equal parts of the time from `start` on; an hour not seen yet counts as the mean of the others, and all are alike before the first bar. */
  weights(start: number, duration: number, slices: number): number[] {
    let volume = 0;
    let time = 0;
    for (let hour = 0; hour < HOURS; hour++) {
      volume += this._seen[2 * hour]!;
      time += this._seen[2 * hour + 1]!;
    }
    if (!(volume > 0)) return Array.from({ length: slices }, () => 1);
    const rate = (hour: number): number =>
      this._seen[2 * hour + 1]! > 0 ? this._seen[2 * hour]! / this._seen[2 * hour + 1]! : volume / time;
    const weights = Array.from({ length: slices }, (_, k) => {
      const end = start + (duration * (k + 1)) / slices;
      let weight = 0;
      for (let from = start + (duration * k) / slices; from < end;) {
        const to = Math.min(end, (Math.floor(from / HOUR) + 1) * HOUR);
        weight += rate(Math.floor(from / HOUR) % HOURS) * (to - from);
        from = to;
      }
      return weight;
    });
    // Hours in which nothing was ever traded: no share of nothing.
    return weights.some(weight => weight > 0) ? weights : weights.map(() => 1);
  }
}
