import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { forecastRecipe } from '../engine/forecast-recipe.js';
import { messageOf } from '../errors.js';
import type { Fact } from '../events/fact.js';
import { readJournal } from '../journal/ndjson/read-journal.js';
import { nodeDisk } from '../journal/node-disk.js';
import type { LiveClock } from '../live/live-clock.js';
import { journalFolder } from '../live/session/recovery.js';
import { timeframeMs } from '../market/timeframe.js';
import type { AuditStore } from '../promotion/audit/audit-log.js';
import type { AuditedPlace } from '../promotion/audit/audit-record.js';
import type { PromotionConfig } from '../promotion/promotion-config.js';
import { promotionFolder } from '../promotion/promotion-folder.js';
import type { Expectation } from '../promotion/watch/expectation.js';
import { ownSlippage } from './own-slippage.js';
import { promotedRecord, type TradedAs } from './promoted-record.js';
import type { SessionAudit } from './session-audit.js';
import type { PreparedSession } from './session-setup.js';
import { sessionSupervisor, type SessionSupervisor, type Supervised, type SupervisorOptions } from './session-supervisor.js';
import type { Workspace } from './workspace.js';

/** What a manifest says of promotions; those of before there were any say nothing. */
const Traded = z.object({
  strategies: z.array(z.object({ name: z.string() })),
  promotions: z.array(z.object({ id: z.string(), strategy: z.string(), stage: z.enum(['paper', 'live']), share: z.number() })).default([]),
});

/** What each session of the account traded a strategy as, by the hash of its manifest. */
export const tradedBy = async (folder: string, strategy: string): Promise<ReadonlyMap<string, TradedAs>> => {
  const found = new Map<string, TradedAs>();
  for (const name of (await readdir(join(folder, 'manifests')).catch(() => [])).filter(each => each.endsWith('.json'))) {
    const { data } = Traded.safeParse(JSON.parse(await readFile(join(folder, 'manifests', name), 'utf8')));
    if (!data?.strategies.some(each => each.name === strategy)) continue;
    const { id, stage, share } = data.promotions.find(each => each.strategy === strategy) ?? {};
    const promotion = id === undefined || stage === undefined || share === undefined ? null : { id, stage, share };
    found.set(name.slice(0, -'.json'.length), { promotion });
  }
  return found;
};

/** A session that trades something as promoted, and what watches over it. */
export interface PromotionsOptions {
  readonly workspace: Workspace;
  readonly made: PreparedSession;
  readonly mode: 'paper' | 'live';
  readonly place: AuditedPlace;
  readonly config: PromotionConfig;
  readonly clock: LiveClock;
  readonly log: Pick<AuditStore, 'read' | 'mark'>;
  readonly audit: Pick<SessionAudit, 'add'>;
  readonly parity: SupervisorOptions['parity'];
  readonly onTrouble: (text: string) => void;
}

/** What watches over the promotions of a session, with what earlier sessions of each step did; null where nothing is promoted. */
export const supervisePromotions = async (options: PromotionsOptions): Promise<SessionSupervisor | null> => {
  const { workspace, made, mode, onTrouble } = options;
  const { folder, session, strategies, config, permit } = made;
  if (permit.promoted.length === 0) return null;
  const promoted: Supervised[] = [];
  for (const { promotion, strategy, share, stage } of permit.promoted) {
    const path = join(promotionFolder(workspace.root, promotion), 'expectation.json');
    // The start gate has compared it with the pins: where it is missing, nothing can be expected, and the promotion goes no further than paper.
    if (!existsSync(path)) continue;
    const expectation = JSON.parse(await readFile(path, 'utf8')) as Expectation;
    const chosen = strategies.find(({ name }) => name === strategy);
    const recipe = chosen ? forecastRecipe(chosen.resolved.strategy, chosen.params, config, chosen.resolved.hash) : null;
    const traded = await tradedBy(folder, strategy);
    const record = promotedRecord({
      strategy,
      promotion,
      stage,
      instruments: session.state.instruments,
      hedge: session.state.hedge,
      stretchMs: recipe === null ? null : recipe.label.horizon * timeframeMs(config.timeframe),
      tradedAs: manifest => traded.get(manifest) ?? null,
    });
    promoted.push({ promotion, strategy, share, expectation, record });
  }
  const hear = (fact: Fact): void => promoted.forEach(({ record }) => record.handle(fact));
  try {
    for await (const fact of readJournal(nodeDisk(), journalFolder(folder))) hear(fact);
  } catch (error) {
    // The session itself will not begin on it.
    onTrouble(`the journal could not be read: ${messageOf(error)}`);
  }
  return sessionSupervisor({
    ...options,
    promoted,
    mode,
    restrict: (alarm, how) => session.restrict(alarm, how),
    risk: () => session.risk,
    slippage: ({ promotion, expectation, record }) =>
      ownSlippage(folder, { promotion, modelBps: expectation.slippageBps, since: record.since }),
  });
};
