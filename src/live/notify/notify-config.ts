import { z } from 'zod';

const keys = z.string().min(1);

const Channel = z.discriminatedUnion('kind', [
  /** `keys` name a set of `quantai keys`: its `secret` signs what is sent; its `key` is the address where none is given here. */
  z.strictObject({ kind: z.literal('webhook'), url: z.url({ protocol: /^https?$/ }).optional(), keys: keys.optional() }),
  /** `secret` of the set is the bot's token; its `key` is the chat where none is given here. */
  z.strictObject({
    kind: z.literal('telegram'),
    chat: z.union([z.string().min(1), z.number().transform(String)]).optional(),
    keys,
    baseUrl: z.url({ protocol: /^https?$/ }).default('https://api.telegram.org'),
  }),
  /** `key` and `secret` of the set are user and password of the mail server. */
  z.strictObject({
    kind: z.literal('email'),
    host: z.string().min(1),
    port: z.int().min(1).max(65_535).default(587),
    secure: z.boolean().default(false),
    from: z.string().min(3),
    to: z.union([
      z
        .string()
        .min(3)
        .transform(one => [one]),
      z.array(z.string().min(3)).min(1),
    ]),
    keys: keys.optional(),
  }),
]);

/** Who is told of alarms, in `quantai.config.ts`. Secrets are named here and kept by `quantai keys`. */
export const NotifyConfig = z.strictObject({
  channels: z.array(Channel).max(10).default([]),
  /** Minutes in which one alarm is not told twice. */
  repeatMinutes: z.number().min(0).max(1440).default(15),
  /** Messages at once; one more comes free each minute, and what waits goes together. */
  burst: z.int().min(1).max(100).default(5),
});
export type NotifyConfig = z.output<typeof NotifyConfig>;
