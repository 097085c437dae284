import { defineStrategy, int, target } from 'quantai-trad';
import { moveOf } from './move.js';

/** Share of the equity that is held: small, so that a bad week stays far from the limits. */
const HELD = 0.25;

/**
 * One idea: a large bar is followed by another in its direction. It holds with it for one bar and stands aside after a small one. The example's first market was made so that this is true; its later part was made so
 * that it is not.
 */
export default defineStrategy({
  name: 'follow-through',
  description: 'Holds for one bar in the direction of a large move.',
  params: { threshold: int(60, 220, { default: 140, step: 40 }) },
  decide: (bar, _indicators, { params }) => {
    const move = moveOf(bar);
    return target(bar.symbol, move > params.threshold ? HELD : move < -params.threshold ? -HELD : 0, {
      reason: `moved ${move.toFixed(0)} bp`,
    });
  },
});
