import { count, percent, ratio, span } from '../parts/figures.js';

/** Title of a metric and how its figure is written. */
export interface MetricWords {
  readonly title: string;
  readonly text: (value: number | null) => string;
  /** Gain and loss have a colour only where the sign is one of money. */
  readonly signed: boolean;
}

const share = (title: string, signed = false): MetricWords => ({ title, text: value => percent(value, 1, signed), signed });
const plain = (title: string): MetricWords => ({ title, text: value => ratio(value), signed: false });

const WORDS: Readonly<Record<string, MetricWords>> = {
  totalReturn: share('Net return', true),
  cagr: share('CAGR', true),
  sharpe: plain('Sharpe'),
  sortino: plain('Sortino'),
  calmar: plain('Calmar'),
  maxDrawdown: share('Max drawdown'),
  volatility: share('Volatility'),
  exposure: share('Exposure'),
  turnover: plain('Turnover'),
  costShare: share('Costs ÷ gross'),
  winRate: share('Win rate'),
  profitFactor: plain('Profit factor'),
  trades: { title: 'Trades', text: count, signed: false },
  drawdownDuration: { title: 'Longest drawdown', text: span, signed: false },
};

/** Words for a metric of the platform; one that is not known keeps its name. */
export const metricWords = (metric: string): MetricWords => WORDS[metric] ?? plain(metric);
