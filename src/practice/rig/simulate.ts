import { random } from '../../random.js';
import { PracticeRefusal } from '../practice-exchange.js';
import type { PlayReport } from './play.js';
import { play } from './play.js';
import { orderTrader, poisonTrader, targetTrader, type Poison } from './rig-strategies.js';
import type { Scenario, StageOptions } from './scenario.js';
import type { OutageKind, Weather } from './weather.js';

/** What a random seed draws from. */
export interface SimulateOptions extends Partial<StageOptions> {
  /** Multiplies all rates of the weather: 1 is bad, 0.2 a bad day at a good venue. */
  readonly roughness?: number;
  /** Kills in the active time at most. */
  readonly kills?: number;
}

export interface SimulateReport extends PlayReport {
  readonly seed: number;
  readonly weather: Partial<Weather>;
  readonly ok: boolean;
}

const OUTAGES: readonly OutageKind[] = ['5xx', 'dns', 'html', 'empty', 'maintenance'];
const POISONS: readonly Poison[] = ['throws', 'oversizes', 'floods'];
const KILL_POINTS = [
  'disk:write',
  'disk:write:done',
  'disk:sync',
  'disk:sync:done',
  'send:submit',
  'sent:submit',
  'answer:submit',
  'event:execution',
  'event:order',
  'answer:executions',
  'send:cancel',
];

/**
 * One random world: every fault at rates that its seed draws, kills at random moments and points, funding, trades by hand, now and then a strategy that is poison. The same seed and options give the same run,
 * to the last event.
 */
export const simulate = async (seed: number, options: SimulateOptions = {}): Promise<SimulateReport> => {
  const { roughness = 1, kills = 3, ...change } = options;
  const chance = random(`simulate ${seed}`);
  const activeMs = change.activeMs ?? 90_000;
  /** Most seeds have most faults off, so that the few that are on can be told apart. */
  const rate = (most: number): number => (chance.next() < 0.4 ? most * roughness * chance.next() : 0);
  const weather: Partial<Weather> = {
    latencyMs: 5 + 60 * chance.next(),
    latencySigma: 0.2 + 0.6 * chance.next(),
    loseRequest: rate(0.1),
    loseAnswer: rate(0.1),
    vagueAnswer: rate(0.1),
    slowRequest: rate(0.05),
    loseRead: rate(0.1),
    duplicateEvent: rate(0.3),
    lateEvent: rate(0.2),
    lateMs: 60_000,
    omitEvent: rate(0.6),
    hostile: rate(0.1),
    refuseConditional: rate(0.3),
    omitBar: rate(0.1),
    duplicateBar: rate(0.2),
    lateBar: rate(0.05),
  };
  const scenario: Scenario = {
    number: 0,
    name: `seed-${seed}`,
    inject: 'every fault at seeded rates',
    expect: 'every law holds',
    sometimes: [],
    play: ({ at, world, host, options: stage }) => {
      Object.assign(world.weather, weather);
      const moment = (): number => 3 + chance.next() * (activeMs / 1000 - 6);
      const now = (): number => world.time.now;
      const symbol = (): string => stage.symbols[chance.int(stage.symbols.length)] as string;
      const sometimes = (p: number, action: () => void): void => {
        if (chance.next() < p) at(moment(), action);
      };
      for (let k = chance.int(kills + 1); k > 0; k--) {
        if (chance.next() < 0.5) at(moment(), () => host.crash());
        else {
          const point = KILL_POINTS[chance.int(KILL_POINTS.length)] as string;
          let left = 1 + chance.int(5);
          at(moment(), () => host.killWhen(passed => passed === point && --left <= 0));
        }
      }
      const length = 1000 + 9000 * chance.next();
      const outage = OUTAGES[chance.int(OUTAGES.length)] as OutageKind;
      sometimes(0.3, () => Object.assign(world.weather, { outage, outageUntil: now() + length }));
      sometimes(0.2, () => Object.assign(world.weather, { banUntil: now() + length, banCode: '429' }));
      sometimes(0.2, () => Object.assign(world.weather, { unreachableUntil: now() + length }));
      sometimes(0.2, () => Object.assign(world.weather, { privateSilentUntil: now() + length }));
      sometimes(0.2, () => Object.assign(world.weather, { marketSilentUntil: now() + length }));
      sometimes(0.2, () => Object.assign(world.weather, { marketFrozenUntil: now() + length }));
      sometimes(0.3, () => world.lines.cutPrivate('cut', true));
      sometimes(0.2, () => world.lines.cutPrivate('unseen', false));
      sometimes(0.2, () => world.lines.cutMarket('cut'));
      sometimes(0.2, () => host.block(500 + length / 2));
      sometimes(0.1, () => host.machine.step(chance.next() < 0.5 ? 60_000 : -3_600_000));
      sometimes(0.2, () => host.machine.step(800 - 1600 * chance.next()));
      const bought = symbol();
      const [side, size] = [chance.next() < 0.5 ? ('buy' as const) : ('sell' as const), 1 + chance.int(5)];
      sometimes(0.2, () => {
        try {
          world.exchange.manualTrade(world.account, bought, side, size);
        } catch (error) {
          // People are refused as well, for one when a flood of orders is at work.
          if (!(error instanceof PracticeRefusal)) throw error;
          world.tally.count('manual:refused');
        }
      });
      sometimes(0.2, () => world.exchange.transfer(world.account, 100 + chance.int(500), 'deposit'));
      sometimes(0.1, () => world.exchange.transfer(world.account, -50, 'withdrawal'));
      const funded = symbol();
      sometimes(0.2, () => world.exchange.disturbFunding(funded, world.exchange.now, { delayMs: 60_000 * (1 + chance.int(10)) }));
      sometimes(0.1, () => world.exchange.disturbFunding(funded, world.exchange.now, { correctedRate: 0.0001 * chance.normal() }));
      sometimes(0.1, () => host.disk.fault({ operation: chance.next() < 0.5 ? 'sync' : 'write', code: 'EIO', times: 1 }));
      // A disk that failed is mended by whoever starts the session again.
      at(activeMs / 1000 - 1, () => {
        host.disk.heal();
        if (host.session === null || world.tally.of('disk:sync:EIO') + world.tally.of('disk:write:EIO') > 0) host.crash();
      });
    },
  };
  const poison = chance.next() < 0.15 ? (POISONS[chance.int(POISONS.length)] as Poison) : null;
  // Half of them begin from snapshots, which must give what the whole journal gives.
  const kept = random(`simulate ${seed} snapshots`);
  const report = await play(scenario, {
    speed: 60,
    activeMs,
    session: kept.next() < 0.5 ? { snapshotFacts: 50 + kept.int(300) } : {},
    convergeMs: 90_000,
    restartMs: 500 + 2500 * chance.next(),
    participation: chance.next() < 0.3 ? 0.002 : 0.1,
    strategies: [
      { strategy: targetTrader('targets', 0.1), tag: 'a', budget: 20_000 },
      { strategy: orderTrader('orders'), tag: 'b', budget: 20_000 },
      ...(poison === null ? [] : [{ strategy: poisonTrader('poison', poison, 10 + chance.int(40), 60), tag: 'p', budget: 5_000 }]),
    ],
    ...change,
    seed,
  });
  return { ...report, seed, weather, ok: report.violations.length + report.failures.length === 0 };
};
