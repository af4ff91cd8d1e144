/** Making room: what lies right of something that grows moves right, what lies below moves down. Order and gaps stay, so nothing comes to overlap. */

export interface Growth {
  readonly from: number;
  readonly to: number;
  readonly by: number;
}

/** One axis. Things that grow side by side share the room that they make; one after the other they add up. */
export class Stretch {
  /** From each of these places on, everything moves by so much; both rise. */
  private readonly steps: { at: number; by: number }[] = [];

  constructor(growths: readonly Growth[]) {
    const sorted = growths.filter(({ by }) => by > 0).sort((a, b) => a.to - b.to);
    for (const { from, to, by } of sorted) {
      const total = this.shift(from) + by;
      if (total > this.shift(to)) this.steps.push({ at: to, by: total });
    }
  }

  private shift(place: number): number {
    let by = 0;
    for (const step of this.steps) if (step.at <= place) by = Math.max(by, step.by);
    return by;
  }

  /** Where a place is drawn. */
  place = (value: number): number => value + this.shift(value);

  /** The place that is drawn there; where nothing is, the nearer end of the gap. */
  back(drawn: number): number {
    let by = 0;
    for (const step of this.steps) {
      if (step.by <= by) continue;
      if (drawn >= step.at + step.by) {
        by = step.by;
        continue;
      }
      const before = step.at + by;
      if (drawn < before) break;
      return drawn - before < step.at + step.by - drawn ? step.at - 8 : step.at;
    }
    return drawn - by;
  }
}
