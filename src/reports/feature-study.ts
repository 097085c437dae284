/** A figure, or null where it is not defined; the reason stands in `reasons` of what holds it. */
export type Figure = number | null;

/** Where values lie. */
export interface Spread {
  readonly mean: Figure;
  readonly standardDeviation: Figure;
  /** By probability: 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99. */
  readonly quantiles: readonly Figure[];
}

/** How a feature moved over the window, in bins of equal count over all of it. */
export interface FeatureDrift {
  /** Population stability index and Kolmogorov–Smirnov distance of the second half of the rows against the first. */
  readonly psi: Figure;
  readonly ks: Figure;
  /** Population stability index of each month against the whole, as `months` of the study. */
  readonly months: readonly Figure[];
}

/** What a feature tells of what came after. */
export interface FeatureInformation {
  /** Spearman's ρ with the forward return: mean over months, its Newey–West error (the plain one where that is larger) and the ratio of the two. */
  readonly ic: Figure;
  readonly icError: Figure;
  readonly icT: Figure;
  readonly months: readonly Figure[];
  /** The same over all rows at once, and how probable so much is by chance: of this column alone, and of the best of all columns. */
  readonly rho: Figure;
  readonly chance: Figure;
  readonly familyChance: Figure;
  /** With the class, nats; what turned histories give on average, and how probable so much is by chance. */
  readonly mutual: Figure;
  readonly mutualByChance: Figure;
  readonly mutualChance: Figure;
}

/** Shares of the values of each half of the rows in cells of equal width; `edges` has one more than there are cells. */
export interface Histogram {
  readonly edges: readonly number[];
  readonly first: readonly number[];
  readonly second: readonly number[];
}

/** What is known of one column. */
export interface ColumnStudy {
  readonly name: string;
  readonly family: string;
  /** Share of rows without a value, after the warm-up. */
  readonly missing: number;
  readonly spread: Spread;
  /** One bar later, and a horizon later. */
  readonly autocorrelation: { readonly bar: Figure; readonly horizon: Figure };
  readonly drift: FeatureDrift;
  readonly information: FeatureInformation;
  /** Empty when there is too little to draw. */
  readonly histogram: Histogram;
  /** Why figures are null. */
  readonly reasons: Readonly<Record<string, string>>;
}

/** Two columns that say nearly the same. */
export interface AlikePair {
  readonly a: string;
  readonly b: string;
  readonly rho: number;
}

/** What was found about the features of one set over one window of data: exploration, over all of its rows. */
export interface FeatureStudy {
  readonly featureSet: string;
  readonly scaler: string;
  readonly dataset: { readonly id: string; readonly version: string; readonly synthetic: boolean };
  readonly symbols: readonly string[];
  readonly timeframe: string;
  /** Closes in (from, to], epoch ms. */
  readonly from: number;
  readonly to: number;
  readonly label: string;
  /** Bars. */
  readonly horizon: number;
  readonly rows: number;
  /** Rows whose outcome is known. */
  readonly labelled: number;
  /** Rows of the window left out because features had not warmed up. */
  readonly warmingUp: number;
  /** Shares of down, flat and up. */
  readonly classes: readonly Figure[];
  /** Calendar months of the rows, e.g. `2023-01`. */
  readonly months: readonly string[];
  /** Turned histories that chance was judged by. */
  readonly shifts: number;
  readonly columns: readonly ColumnStudy[];
  /** Spearman's ρ of each column with each, and the order in which alike columns stand together. */
  readonly correlation: readonly (readonly Figure[])[];
  readonly order: readonly number[];
  readonly alike: readonly AlikePair[];
  /** Every so many rows the correlations are over. */
  readonly correlationStride: number;
}
