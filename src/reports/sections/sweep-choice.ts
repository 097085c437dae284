import type { SweepPick } from '../../experiments/sweep-result.js';
import { parameterShares } from '../charts/parameter-shares.js';
import { scoreByParameter } from '../charts/score-by-parameter.js';
import { scoreSurface } from '../charts/score-surface.js';
import { metricLabel, metricText } from '../metric-text.js';
import { count, decimal, NONE, percent } from '../number-text.js';
import { byImportance, surfaceCells, parameterRows, valueText } from '../rows/sweep-rows.js';
import { scoreInOwnSign, type ReportedSweep } from '../swept.js';
import type { Block, Section } from '../document.js';

/** Parameters drawn one by one at most. */
const DRAWN = 6;
/** Effects drawn at most. */
const EFFECTS = 10;

/** `fast 10, slow 50`, of the parameters that were searched. */
export const searchedText = ({ configurations, space }: ReportedSweep, index: number): string =>
  Object.keys(space)
    .map(name => `${name} ${valueText(configurations[index]!.params[name]!)}`)
    .join(', ');

const probability = (value: number | null): string => (value === null ? NONE : decimal(value));

const pickRow = (sweep: ReportedSweep, name: string, pick: SweepPick, level: number | null): string[] => {
  const { metrics, sharpe } = sweep.configurations[pick.index]!;
  const { metric } = sweep.objective;
  return [
    name,
    searchedText(sweep, pick.index),
    metricText(metric, metrics[metric]),
    level === null ? NONE : metricText(metric, scoreInOwnSign(sweep, level)),
    ...(metric === 'sharpe' ? [] : [decimal(sharpe === null ? NaN : sharpe * Math.sqrt(sweep.periodsPerYear))]),
    metricText('totalReturn', metrics['totalReturn']),
    metricText('maxDrawdown', metrics['maxDrawdown']),
    metricText('trades', metrics['trades']),
    probability(pick.dsr.value),
  ];
};

/** What to go on with: the peak beside the middle of the plateau, on the surface that they lie on. */
export const choiceSection = (sweep: ReportedSweep, period: string): Section => {
  const { peak, plateau, objective, space } = sweep;
  const label = metricLabel(objective.metric);
  const [xName, yName = null] = byImportance(sweep);
  const surface = xName === undefined ? undefined : surfaceCells(sweep, [xName, yName], value => metricText(objective.metric, value));
  const isSame = peak !== null && peak.index === plateau?.index;
  const others = Object.keys(space).length > (yName === null ? 1 : 2);
  return {
    id: 'choice',
    title: 'Peak and plateau',
    lead: 'The peak is the best score; the plateau’s centre is the configuration whose neighbours do best, by the score that three quarters of them reach. A real edge does not vanish when a parameter moves a little; luck does.',
    blocks: [
      {
        kind: 'table',
        id: 'picks',
        caption: 'What the sweep names',
        quiet: true,
        columns: [
          { title: 'Pick', kind: 'text' },
          { title: 'Parameters', kind: 'text', wide: true },
          { title: label, kind: 'number' },
          { title: 'Its neighbours reach', kind: 'number' },
          ...(objective.metric === 'sharpe' ? [] : [{ title: 'Sharpe', kind: 'number' as const }]),
          { title: 'Net return', kind: 'number', signed: true },
          { title: 'Maximum drawdown', kind: 'number' },
          { title: 'Trades', kind: 'number' },
          { title: 'Deflated Sharpe', kind: 'number' },
        ],
        rows: [
          ...(plateau
            ? [pickRow(sweep, isSame ? 'Peak and plateau’s centre' : 'Plateau’s centre, recommended', plateau, plateau.level)]
            : []),
          ...(peak && !isSame ? [pickRow(sweep, 'Peak', peak, plateau?.peakLevel ?? null)] : []),
        ],
        empty: `No configuration had ${label} defined and at least ${count(objective.minimumTrades)} closed trades.`,
      },
      ...(surface === undefined || xName === undefined
        ? []
        : [
            {
              kind: 'chart' as const,
              id: 'surface',
              spec: scoreSurface(surface.cells, {
                title: yName === null ? `${label} by ${xName}` : `${label} over ${xName} and ${yName}`,
                subtitle: `In sample${others ? '; the two parameters that matter most' : ''}; ring: plateau’s centre, diamond: peak · ${period}`,
                x: xName,
                xLabels: surface.x.labels,
                y: yName,
                yLabels: surface.y?.labels ?? [],
                objective: label,
              }),
            },
          ]),
    ],
  };
};

/** What each parameter has to do with the objective. */
export const spaceSection = (sweep: ReportedSweep, period: string): Section => {
  const { importance, objective, space } = sweep;
  const label = metricLabel(objective.metric);
  const effects = (importance?.effects ?? []).slice(0, EFFECTS);
  const names = byImportance(sweep);
  return {
    id: 'parameters',
    title: 'What the parameters decide',
    lead:
      importance === null
        ? 'Too few eligible configurations to say which parameter matters.'
        : `A forest learned ${label} from ${count(importance.configurations)} configurations and explains ${percent(Math.max(0, importance.explained), 0)} of its variance on those it had not seen${importance.explained < 0.2 ? ': too little, the shares say nothing' : ''}. What decides nothing need not be searched.`,
    blocks: [
      {
        kind: 'chart',
        id: 'importance',
        half: names.length > 1,
        spec: parameterShares(
          effects.map(({ names: of, share, spread }) => ({
            effect: of.join(' × '),
            share,
            spread,
            low: Math.max(0, share - spread),
            high: Math.min(1, share + spread),
          })),
          { title: 'Importance', subtitle: `Share of the variance of ${label} over the space; lines: spread over the trees` },
        ),
      },
      ...names.slice(0, DRAWN).map((name): Block => {
        const { points, medians } = parameterRows(sweep, name, index => searchedText(sweep, index));
        const param = space[name]!;
        return {
          kind: 'chart',
          id: `by-${name}`,
          half: true,
          spec: scoreByParameter(points, medians, {
            title: `${label} against ${name}`,
            subtitle: `Line: median, band: middle half; ring: plateau, diamond: peak · ${period}`,
            parameter: name,
            objective: label,
            scale: param.kind === 'choice' || param.kind === 'bool' ? 'names' : param.log ? 'log' : 'linear',
          }),
        };
      }),
      ...(names.length > DRAWN
        ? [{ kind: 'text' as const, paragraphs: [`${names.length - DRAWN} parameters that matter less are not drawn.`] }]
        : []),
    ],
  };
};
