import { z } from 'zod';

/** Shapes that several endpoints share. Times are epoch ms UTC, money is in the settlement asset, quantities in base units, ratios are fractions; what is not defined is null. */
export const Time = z.number();
export const Maybe = z.number().nullable();
export const Name = z
  .string()
  .regex(/^\w[\w.@-]*$/)
  .max(100);
export const SymbolName = z.string().min(1).max(60);
export const Nothing = z.strictObject({});
export const Done = z.object({ done: z.literal(true) });
/** A number in a query string. */
export const Asking = z.coerce.number();
export const RoleName = z.enum(['viewer', 'researcher', 'operator', 'approver']);
export const RiskState = z.enum(['ACTIVE', 'REDUCING', 'HALTED']);
export const Side = z.enum(['buy', 'sell']);
/** Whatever JSON a fact, a document or a setting holds. */
export const AnyJson = z.unknown();

/** What every refusal answers with. */
export const Problem = z.object({ error: z.object({ code: z.string(), message: z.string(), fix: z.string().nullable() }) });
export type Problem = z.infer<typeof Problem>;

/** A page of a list that goes on: `next` is handed back as `after`, null at the end. */
export const page = <T extends z.ZodType>(row: T) => z.object({ rows: z.array(row), next: z.string().nullable() });
export const PageQuery = z.strictObject({ after: z.string().max(200).optional(), limit: Asking.int().min(1).max(1000).default(100) });
