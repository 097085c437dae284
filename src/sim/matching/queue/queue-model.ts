/**
 * How much of a displayed level stands before our resting order, in lots. What trades at the level always comes off the front; what is cancelled comes off before or behind us, and that is
 * what a model assumes.
 */
export interface QueueModel {
  /**
   * The level's displayed size fell from `before` to `after` lots by cancellation (trades already taken off both); `ahead` of them stood before us. Returns the lots now ahead, in [0, after] and
   * never more than before.
   */
  ahead(ahead: number, before: number, after: number): number;
}
