import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { writeFileDurably } from '../durable-file.js';
import { forecastRecipe } from '../engine/forecast-recipe.js';
import { usageError } from '../errors.js';
import { timeframeMs } from '../market/timeframe.js';
import { readPins } from '../promotion/pins/check-pins.js';
import { promotionFolder } from '../promotion/promotion-folder.js';
import type { Expectation, MonitorVerdict } from '../promotion/watch/expectation.js';
import { judgeLive } from '../promotion/watch/judge-live.js';
import { watchPage } from '../promotion/watch/watch-page.js';
import { openStoredBundle } from '../strategies/bundle.js';
import { loadStrategy } from '../strategies/load.js';
import { ownSlippage } from './own-slippage.js';
import { promotedRecord } from './promoted-record.js';
import { isPins } from './promoted-here.js';
import { promotionPlace } from './promotion-place.js';
import { tradedBy } from './session-promotions.js';
import { readSession, type SessionManifest } from './session-record.js';
import { table } from './table.js';
import { present } from './terminal.js';
import type { WatchAccountArguments } from './watch-account.js';
import { workspaceAudit } from './workspace-audit.js';
import { workspaceAt } from './workspace.js';

/** Horizon of the label of a strategy's forecasts, ms; null for one without. */
const stretchOf = async (folder: string, { strategies, config }: SessionManifest, name: string): Promise<number | null> => {
  const strategy = strategies.find(each => each.name === name)!;
  const loaded = await loadStrategy(
    strategy.builtin === null
      ? { bundle: await openStoredBundle(join(folder, 'manifests', `${strategy.bundle}.mjs`)) }
      : { builtin: strategy.builtin },
  );
  const recipe = forecastRecipe(loaded, strategy.params, config, strategy.bundle);
  return recipe === null ? null : recipe.label.horizon * timeframeMs(config.timeframe);
};

const VERDICTS: Readonly<Record<MonitorVerdict['verdict'], string>> = { inside: 'inside', alarm: 'ALARM', 'cannot-tell': 'cannot tell' };

/** Judge what a promoted strategy has done on its step by now, and write the page. */
export const runWatchAccount = async (args: WatchAccountArguments): Promise<void> => {
  const workspace = workspaceAt(args.workspace);
  const { state, mode, place } = promotionPlace(await (await workspaceAudit(workspace)).read(), args.promotion);
  const folder = join(workspace.root, 'live', place.account);
  if (!existsSync(join(folder, 'journal')))
    throw usageError('no-session', `Account ${place.account} has traded nothing yet.`, 'Begin a session: quantai paper or quantai live.');
  const kept = promotionFolder(workspace.root, state.id);
  const stored = await readFile(join(kept, 'expectation.json'), 'utf8').catch(() => null);
  if (stored === null)
    throw usageError(
      'no-expectation',
      `Nothing is expected of ${state.id}: its run has too few days out of sample.`,
      'Promote a walk-forward.',
    );
  const expectation = JSON.parse(stored) as Expectation;
  const { facts, instruments, manifests } = await readSession(folder);
  const manifest = [...manifests.values()].findLast(({ strategies }) => strategies.some(({ name }) => name === state.strategy));
  if (manifest === undefined)
    throw usageError('unknown-strategy', `Account ${place.account} never traded ${state.strategy}.`, 'Begin a session with it first.');
  const traded = await tradedBy(folder, state.strategy);
  const record = promotedRecord({
    strategy: state.strategy,
    promotion: state.id,
    stage: mode,
    instruments,
    hedge: manifest.config.margin?.positions === 'hedge',
    stretchMs: await stretchOf(folder, manifest, state.strategy),
    tradedAs: hash => traded.get(hash) ?? null,
  });
  for (const fact of facts) record.handle(fact);
  const slippage = await ownSlippage(folder, { promotion: state.id, modelBps: expectation.slippageBps, since: record.since });
  const live = { ...record.record, slippage };
  const verdicts = judgeLive(expectation, live);
  const pins = await readPins({ folder: kept, recorded: state.pins });
  const page = args.out === undefined ? join(folder, `watch-${state.id}.html`) : resolve(args.out);
  await writeFileDurably(
    page,
    watchPage({
      strategy: state.strategy,
      promotion: state.id,
      account: place.account,
      synthetic: place.practice || (isPins(pins) && pins.dataset.synthetic),
      expectation,
      live,
      verdicts,
    }),
  );
  present(args, { promotion: state.id, account: place.account, mode, days: record.days, verdicts, live, page }, () =>
    [
      `${state.strategy} on ${place.account} (${mode}), ${record.days} complete days on this step`,
      '',
      table(
        [{ title: 'monitor' }, { title: 'verdict' }, { title: 'in words' }],
        verdicts.map(({ monitor, verdict, sentence }) => [monitor, VERDICTS[verdict], sentence]),
      ),
      '',
      `Written to ${page}`,
    ].join('\n'),
  );
};
