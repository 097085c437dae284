import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileDurably } from '../durable-file.js';
import { usageError } from '../errors.js';
import { nodeDisk } from '../journal/node-disk.js';
import { readCapture } from '../live/feed/read-capture.js';
import { quotedPrice } from '../promotion/parity/closing-price.js';
import { fileHash } from '../promotion/pins/file-hash.js';
import { promotionFolder } from '../promotion/promotion-folder.js';
import type { Expectation } from '../promotion/watch/expectation.js';
import { ownFills, type OwnFill } from '../promotion/watch/own-fills.js';
import { proposeFills, type FillProposal, type MeasuredFigure } from '../promotion/watch/propose-fills.js';
import { formatTime, MINUTE } from '../time.js';
import { actorName } from './actor.js';
import { grouped, percent, ratio } from './figures.js';
import type { FitOwnFillsArguments } from './fit.js';
import { promotionPlace } from './promotion-place.js';
import { readSession } from './session-record.js';
import { table } from './table.js';
import { present } from './terminal.js';
import { workspaceAudit } from './workspace-audit.js';
import { workspaceAt } from './workspace.js';

/** Every file below a folder, ascending by path relative to the workspace. */
const filesBelow = async (root: string, folder: string): Promise<string[]> => {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries.map(async entry => (entry.isDirectory() ? filesBelow(root, `${folder}/${entry.name}`) : [`${folder}/${entry.name}`])),
  );
  return found.flat().sort();
};

/** The place of the next version of a proposal, from 1. */
const nextNumber = (names: readonly string[]): number =>
  names.reduce((most, name) => Math.max(most, Number(/^fills-(\d+)\.json$/.exec(name)?.[1] ?? 0)), 0) + 1;

/** Takers' fills as `quantai fit fills` reads them. */
const asCsv = (fills: readonly OwnFill[]): string =>
  [
    'ts,symbol,side,quantity,price,arrival',
    ...fills
      .filter(({ liquidity, arrival }) => liquidity === 'taker' && arrival > 0)
      .map(({ ts, symbol, side, quantity, price, arrival }) => [ts, symbol, side > 0 ? 'buy' : 'sell', quantity, price, arrival].join(',')),
    '',
  ].join('\n');

const row = (name: string, figure: MeasuredFigure | null, text: (value: number) => string): readonly string[] =>
  figure === null ? [name, '–', '–', '–'] : [name, text(figure.value), `${text(figure.low)} to ${text(figure.high)}`, grouped(figure.n)];

const text = ({ sentence, orders, from, to, slippageBps, latency, fees, patch }: FillProposal, file: string, csv: string): string =>
  [
    sentence,
    '',
    `${grouped(orders)} orders${orders === 0 ? '' : `, ${formatTime(from)} to ${formatTime(to)}`}`,
    table(
      [
        { title: 'own fills' },
        { title: 'value', align: 'right' },
        { title: '95 % interval', align: 'right' },
        { title: 'orders', align: 'right' },
      ],
      [
        row('slippage of takers, bp', slippageBps, value => ratio(value, 2)),
        row('way to the venue, ms', latency?.order ?? null, value => ratio(value, 1)),
        row('way back, ms', latency?.report ?? null, value => ratio(value, 1)),
        row('fee of takers', fees.taker, value => percent(value, 4)),
        row('fee of makers', fees.maker, value => percent(value, 4)),
      ],
    ),
    '',
    ...(Object.keys(patch).length === 0
      ? ['Too few fills to propose anything.']
      : [
          'Proposed for quantai.config.ts; nothing was changed, and a strategy with it is another candidate:',
          '',
          JSON.stringify(patch, null, 2),
        ]),
    '',
    `Written to ${file}`,
    `Size and volatility may tell more: quantai fit fills ${csv} --dataset NAME`,
  ].join('\n');

/** Measure slippage, latency and fees on the fills of a promoted strategy, keep them as a proposed version, and record that. */
export const fitOwnFills = async (args: FitOwnFillsArguments): Promise<void> => {
  const workspace = workspaceAt(args.workspace);
  const log = await workspaceAudit(workspace);
  const { state, mode, place } = promotionPlace(await log.read(), args.promotion);
  const account = `live/${place.account}`;
  if (!existsSync(join(workspace.root, account, 'journal')))
    throw usageError('no-session', `Account ${place.account} has traded nothing yet.`, 'Begin a session: quantai paper or quantai live.');
  const { facts, instruments, manifests } = await readSession(join(workspace.root, account));
  const config = [...manifests.values()].findLast(({ strategies }) => strategies.some(({ name }) => name === state.strategy))?.config;
  if (config === undefined)
    throw usageError('unknown-strategy', `Account ${place.account} never traded ${state.strategy}.`, 'Begin a session with it first.');
  const capture = `${account}/capture`;
  // A paper session's fills say themselves what they cost; a venue's do not.
  const market =
    mode === 'paper'
      ? null
      : existsSync(join(workspace.root, capture))
        ? quotedPrice(
            (await readCapture(nodeDisk(), join(workspace.root, capture))).imported.map(({ series }) => series),
            MINUTE,
          )
        : () => NaN;
  const fills = ownFills(facts, state.strategy, instruments, market).filter(({ ts }) => ts >= 0);
  const folder = promotionFolder(workspace.root, state.id);
  const expectation = JSON.parse(await readFile(join(folder, 'expectation.json'), 'utf8').catch(() => 'null')) as Expectation | null;
  const used = [
    ...(await filesBelow(workspace.root, `${account}/journal`)),
    ...(mode === 'paper' ? [] : await filesBelow(workspace.root, capture)),
  ];
  const sources = await Promise.all(used.map(async file => ({ file, sha256: (await fileHash(join(workspace.root, file))) ?? 'missing' })));
  const proposal = proposeFills({
    promotion: state.id,
    strategy: state.strategy,
    account: place.account,
    venue: place.venue,
    practice: place.practice,
    sources,
    fills,
    modelBps: expectation?.slippageBps ?? null,
    now: config,
    seed: args.seed,
  });
  const number = nextNumber(await readdir(folder));
  const [file, csv] = [`fills-${number}.json`, `fills-${number}.csv`];
  const content = `${JSON.stringify(proposal, null, 2)}\n`;
  await writeFileDurably(join(folder, csv), asCsv(fills));
  await writeFileDurably(join(folder, file), content);
  const sha256 = createHash('sha256').update(content).digest('hex');
  await log.append(actorName(args), [{ type: 'ModelProposed', promotion: state.id, file, sha256, sentence: proposal.sentence }]);
  const [path, fillsPath] = [join(folder, file), join(folder, csv)];
  present(args, { ...proposal, file: path, fills: fillsPath, sha256 }, () => text(proposal, path, fillsPath));
};
