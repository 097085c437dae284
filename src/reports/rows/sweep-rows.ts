import { positionOf, valueAt } from '../../experiments/samplers/axis.js';
import type { Param } from '../../strategies/params.js';
import { quantile } from '../../statistics/quantile.js';
import type { ReportedSweep } from '../swept.js';

/** Values of one parameter as places along an axis. */
export interface ParameterAxis {
  readonly name: string;
  /** One a place, ascending along the parameter. */
  readonly labels: readonly string[];
  /** Place of a value. */
  placeOf(value: number | string | boolean): number;
}

/** Places along an axis at most; more values are joined into ranges of equal length on the parameter's own scale. */
const PLACES = 12;

/** A number as it is written on an axis. */
export const valueText = (value: number | string | boolean): string =>
  typeof value === 'number' ? String(Number(value.toPrecision(3))) : String(value);

/** The axis of a parameter, by the values that were tried. */
export const parameterAxis = (name: string, param: Param, tried: readonly (number | string | boolean)[]): ParameterAxis => {
  const distinct = [...new Set(tried)].sort((a, b) => positionOf(param, a) - positionOf(param, b));
  if (distinct.length <= PLACES || param.kind === 'choice' || param.kind === 'bool')
    return { name, labels: distinct.map(valueText), placeOf: value => distinct.indexOf(value) };
  const places = 10;
  const edge = (u: number): string => valueText(valueAt(param, u));
  return {
    name,
    labels: Array.from({ length: places }, (_, i) => `${edge(i / places)}–${edge((i + 1) / places)}`),
    placeOf: value => Math.min(places - 1, Math.floor(positionOf(param, value) * places)),
  };
};

/** One cell of a score surface: every eligible configuration with these two values. */
export interface SurfaceCell {
  readonly panel: string;
  readonly x: string;
  readonly y: string;
  /** The objective's metric in its own sign. */
  readonly value: number;
  /** The same, larger is better, for the colour. */
  readonly score: number;
  readonly text: string;
  readonly configurations: number;
  /** `peak`, `plateau` or empty. */
  readonly mark: string;
}

const PANELS = ['Best over the other parameters', 'Median over the other parameters'] as const;

/** The surface over two parameters, or a strip over one: the best of each cell and its median. Where every cell holds one configuration the two are the same and one is drawn. */
export const surfaceCells = (
  { configurations, objective, space, peak, plateau }: ReportedSweep,
  [xName, yName]: readonly [string, string | null],
  text: (value: number) => string,
): { readonly cells: readonly SurfaceCell[]; readonly x: ParameterAxis; readonly y: ParameterAxis | null } => {
  const axisOf = (name: string): ParameterAxis =>
    parameterAxis(
      name,
      space[name]!,
      configurations.map(({ params }) => params[name]!),
    );
  const x = axisOf(xName);
  const y = yName === null ? null : axisOf(yName);
  const groups = new Map<string, number[]>();
  const keyOf = (i: number): string => {
    const { params } = configurations[i]!;
    return `${x.placeOf(params[xName]!)},${y === null ? 0 : y.placeOf(params[yName!]!)}`;
  };
  for (const [i, { score }] of configurations.entries()) {
    if (score === null) continue;
    const key = keyOf(i);
    const group = groups.get(key);
    if (group) group.push(i);
    else groups.set(key, [i]);
  }
  const isSingle = [...groups.values()].every(group => group.length === 1);
  const cells = PANELS.slice(0, isSingle ? 1 : 2).flatMap((panel, p) =>
    Array.from(groups, ([key, group]): SurfaceCell => {
      const [xPlace = 0, yPlace = 0] = key.split(',').map(Number);
      const of = (figure: (i: number) => number): number => {
        const values = group.map(figure);
        return p === 0 ? values[0]! : quantile(values, 0.5);
      };
      // The best by score stands first.
      group.sort((a, b) => configurations[b]!.score! - configurations[a]!.score! || a - b);
      const value = of(i => configurations[i]!.metrics[objective.metric]!);
      return {
        panel: isSingle ? '' : panel,
        x: x.labels[xPlace]!,
        y: y?.labels[yPlace] ?? '',
        value,
        score: of(i => configurations[i]!.score!),
        text: text(value),
        configurations: group.length,
        mark: plateau && keyOf(plateau.index) === key ? 'plateau' : peak && keyOf(peak.index) === key ? 'peak' : '',
      };
    }),
  );
  return { cells, x, y };
};

/** One configuration against one parameter. */
export interface ParameterPoint {
  readonly value: number | string;
  readonly score: number;
  /** `peak`, `plateau` or `tried`. */
  readonly what: string;
  readonly params: string;
}

/** The middle of the scores at one value, or about it. */
export interface ParameterMedian {
  readonly value: number | string;
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly configurations: number;
}

/** Points drawn at most; of more every so-and-so-many-th by rank, so that the best and the worst stay. */
const POINTS = 400;

/** Objective against one parameter: points, thinned where there are many, and the quartiles of all by value. */
export const parameterRows = (
  { configurations, ranking, objective, space, peak, plateau }: ReportedSweep,
  name: string,
  paramsText: (index: number) => string,
): { readonly points: readonly ParameterPoint[]; readonly medians: readonly ParameterMedian[] } => {
  const param = space[name]!;
  const shown = (value: number | string | boolean): number | string => (typeof value === 'boolean' ? String(value) : value);
  const step = Math.max(1, Math.ceil(ranking.length / POINTS));
  const isNamed = (i: number): boolean => i === peak?.index || i === plateau?.index;
  const points = ranking.flatMap((i, rank): ParameterPoint[] => {
    if (rank % step !== 0 && !isNamed(i)) return [];
    const { params, metrics } = configurations[i]!;
    return [
      {
        value: shown(params[name]!),
        score: metrics[objective.metric]!,
        what: i === plateau?.index ? 'plateau' : i === peak?.index ? 'peak' : 'tried',
        params: paramsText(i),
      },
    ];
  });
  const axis = parameterAxis(
    name,
    param,
    ranking.map(i => configurations[i]!.params[name]!),
  );
  const groups = axis.labels.map((): number[] => []);
  const values = axis.labels.map((): (number | string | boolean)[] => []);
  for (const i of ranking) {
    const place = axis.placeOf(configurations[i]!.params[name]!);
    groups[place]!.push(configurations[i]!.metrics[objective.metric]!);
    values[place]!.push(configurations[i]!.params[name]!);
  }
  const medians = groups.flatMap((scores, place): ParameterMedian[] => {
    if (scores.length === 0) return [];
    const numbers = values[place]!.filter(value => typeof value === 'number');
    return [
      {
        value: numbers.length > 0 ? quantile(numbers, 0.5) : shown(values[place]![0]!),
        median: quantile(scores, 0.5),
        low: quantile(scores, 0.25),
        high: quantile(scores, 0.75),
        configurations: scores.length,
      },
    ];
  });
  return { points, medians };
};

/** Searched parameters, the most important first; in the strategy's order where nothing is known. */
export const byImportance = ({ space, importance }: Pick<ReportedSweep, 'space' | 'importance'>): readonly string[] => {
  const share = (name: string): number => importance?.effects.find(({ names }) => names.length === 1 && names[0] === name)?.share ?? 0;
  return Object.keys(space).toSorted((a, b) => share(b) - share(a));
};
