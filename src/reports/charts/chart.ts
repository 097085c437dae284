import type { TopLevelSpec } from 'vega-lite';
import type { Field } from 'vega-lite/types_unstable/channeldef.js';
import type { LayerSpec, UnitSpec } from 'vega-lite/types_unstable/spec/index.js';
import type { UnitSpecWithFrame } from 'vega-lite/types_unstable/spec/unit.js';

/** A finished chart: a Vega-Lite 6 specification with its rows inline, without colours of its own (see `vegaConfig`). */
export type ChartSpec = TopLevelSpec;

/** One layer of a chart. */
export type Layer = UnitSpec<Field>;

/** One panel of a chart. */
export type Panel = UnitSpecWithFrame<Field> | LayerSpec<Field>;

/** Never fetched; it tells editors what the document is. */
const SCHEMA = 'https://vega.github.io/schema/vega-lite/v6.json';

/** Plot width of a chart outside a page, pixels; pages fit it to their own. */
export const WIDTH = 960;

/** Rows of one dataset of a chart: flat, every row with the same keys, so that a page can store them by column. */
export type Rows = readonly object[];

/** What heads a chart. */
export interface Heading {
  readonly title: string;
  /** Unit and period. */
  readonly subtitle: string;
}

/** The members that every specification starts with. `description` is what a screen reader says. */
export const head = ({ title, subtitle }: Heading, datasets: Readonly<Record<string, Rows>>) => ({
  $schema: SCHEMA,
  description: `${title}. ${subtitle}.`,
  title: { text: title, subtitle },
  datasets: Object.fromEntries(Object.entries(datasets).map(([name, rows]) => [name, [...rows]])),
});

/** A chart that fills the width it is given. */
export const FILL = { width: WIDTH, autosize: { type: 'fit-x', contains: 'padding' } } as const;

/** The designed state of a chart that has nothing to show: its heading, a quiet frame, and the reason. */
export const emptyChart = (heading: Heading, reason: string): ChartSpec => ({
  ...head(heading, { empty: [{ reason }] }),
  ...FILL,
  data: { name: 'empty' },
  height: 96,
  view: { stroke: { expr: 'hairline' }, strokeDash: [4, 4], fill: null },
  mark: { type: 'text', color: { expr: 'muted' }, fontSize: 13 },
  encoding: { text: { field: 'reason', type: 'nominal' }, tooltip: { field: 'reason', type: 'nominal', title: 'No chart' } },
});
