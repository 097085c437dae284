import { z } from 'zod';

/** Where evidence begins and ends; `evidence` of `quantai.config.ts`. Why these defaults: docs/decisions/0028-what-counts-as-evidence.md. */
export const EvidenceThresholds = z
  .strictObject({
    /** Fewest closed trades and return observations to judge by. */
    trades: z.number().int().min(1).default(30),
    returns: z.number().int().min(2).default(60),
    /** Deflated Sharpe from which evidence is strong, and from which it is suggestive. */
    strong: z.number().gt(0).lt(1).default(0.95),
    suggestive: z.number().gt(0).lt(1).default(0.8),
    /** Probability of overfitting from which a search chose no better than a coin. */
    pbo: z.number().gt(0).max(1).default(0.5),
    /** Largest p-value of reality check and SPA. */
    pValue: z.number().gt(0).lt(1).default(0.05),
    /** Costs must be able to grow by this factor before the profit is gone. */
    costMultiple: z.number().min(1).default(1.5),
  })
  .refine(({ strong, suggestive }) => suggestive <= strong, { path: ['suggestive'], message: 'is above `strong`' });
export type EvidenceThresholds = z.infer<typeof EvidenceThresholds>;
