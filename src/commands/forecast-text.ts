import { formatTime } from '../time.js';
import { grouped, percent, ratio } from './figures.js';
import type { ForecastOutcome } from './run-forecast.js';
import { coverageText, skillText } from './score-text.js';
import { table } from './table.js';

const REGIMES = ['calm', 'middling', 'wild'];

const forecastTable = ({ symbols, level }: ForecastOutcome): string =>
  table(
    [
      { title: 'symbol' },
      { title: 'down', align: 'right' },
      { title: 'flat', align: 'right' },
      { title: 'up', align: 'right' },
      { title: 'usually down · up', align: 'right' },
      { title: 'expected ± sd', align: 'right' },
      { title: `${percent(level, 0)} interval`, align: 'right' },
      { title: 'novelty', align: 'right' },
      { title: 'regime' },
    ],
    symbols.map(({ symbol, forecast: f, reason }) =>
      f === null
        ? [symbol, '–', '–', '–', '–', '–', '–', '–', reason ?? '–']
        : [
            symbol,
            percent(f.down),
            percent(f.flat),
            percent(f.up),
            `${percent(f.usualDown)} · ${percent(f.usualUp)}`,
            `${percent(f.mean, 2)} ± ${percent(f.sd, 2)}`,
            Number.isFinite(f.low) ? `${percent(f.low, 2)} to ${percent(f.high, 2)}` : 'not enough samples',
            ratio(f.novelty),
            REGIMES[f.regime] ?? 'unknown',
          ],
    ),
  );

const modelTable = ({ models, symbols }: ForecastOutcome): string => {
  const told = symbols.filter(({ forecast }) => forecast !== null);
  return table(
    [
      { title: 'model' },
      { title: 'checkpoint' },
      { title: 'trained at' },
      { title: 'rows', align: 'right' },
      { title: 'age, bars', align: 'right' },
      ...told.map(({ symbol }) => ({ title: told.length > 1 ? `weight ${symbol.split('/')[0]}` : 'weight', align: 'right' as const })),
    ],
    models.map(({ model, checkpoint, requestedAt, rows, age, expired }) => [
      model,
      checkpoint.slice(0, 12),
      formatTime(requestedAt),
      grouped(rows),
      `${grouped(age)}${expired ? ', expired' : ''}`,
      ...told.map(({ weights }) => ratio(weights[model], 3)),
    ]),
  );
};

const trackRecord = ({ of, rows, from, to, ensemble }: ForecastOutcome['record'][number]): string => {
  if (from === null || to === null) return `${of}: not enough samples, for no outcome is known yet.`;
  const why = ensemble.missing['logLoss'] ?? ensemble.missing['skill.logLoss'];
  return [
    `${of}: ${grouped(rows)} matured forecasts, ${formatTime(from)} to ${formatTime(to)}`,
    ...(ensemble.logLoss === null
      ? []
      : [
          `  Calibration error ${ratio(ensemble.ece, 4)}; log loss ${ratio(ensemble.logLoss, 4)}, skill over climatology ${skillText(ensemble)}`,
          `  Interval held ${coverageText(ensemble)}`,
        ]),
    ...(why === undefined ? [] : [`  Not enough samples: ${why}`]),
  ].join('\n');
};

/** A forecast for people: what is expected, by which models, and how forecasts like it came out. */
export const forecastText = (o: ForecastOutcome): string =>
  [
    `${o.strategy} on ${o.dataset}: the ${o.horizon} bars of ${o.timeframe} after ${formatTime(o.now)}`,
    '',
    forecastTable(o),
    '',
    o.saved === null
      ? 'Models retrained over the history, those in force:'
      : `Saved models ${o.saved.set}@${o.saved.version.slice(0, 12)}:`,
    ...(o.models.length === 0 ? ['none'] : [modelTable(o)]),
    '',
    ...o.record.map(trackRecord),
    ...o.notes,
  ].join('\n');
