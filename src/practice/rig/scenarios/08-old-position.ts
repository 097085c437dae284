import type { Instrument } from '../../../market/instrument.js';
import { units } from '../../../market/units.js';
import type { Scenario } from '../scenario.js';

/** Base units. */
const BOUGHT = 3;

export const oldPosition: Scenario = {
  number: 8,
  name: 'old-position',
  inject: 'a restart with positions whose trades the venue no longer tells, and a trade by hand meanwhile',
  expect: 'positions open from the journal; the difference is adopted as one fact, and the strategy is told',
  options: { restartMs: 10_000 },
  play: ({ at, world, host, options }) => {
    at(100, () => {
      host.crash();
      world.exchange.manualTrade(world.account, options.symbols[0] as string, 'buy', BOUGHT);
      world.weather.executionsFrom = world.exchange.now + 1;
    });
  },
  sometimes: ['process:crash'],
  check: ({ facts, world }) => {
    const adopted = facts.flatMap(fact => (fact.type === 'PositionAdopted' ? [fact] : []));
    // One that closes what a strategy is short of and adds to what another one holds is told to both of them.
    const differences = new Set(adopted.map(({ symbol, text }) => `${symbol}: ${text}`)).size;
    const lots = adopted.reduce((sum, { before, after }) => sum + after - before, 0);
    const bought = units(world.instruments[0] as Instrument).lots(BOUGHT);
    return [
      ...(differences === 1 ? [] : [`${differences} differences were adopted instead of one`]),
      ...(lots === bought ? [] : [`${lots} lots were adopted of ${bought}`]),
    ];
  },
  waived: { o1: 'the venue does not tell the trade by hand', o3: 'its fee comes as a movement of cash' },
};
