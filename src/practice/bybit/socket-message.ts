import { z } from 'zod';

const message = z.object({
  op: z.string(),
  args: z.array(z.unknown()).optional(),
  req_id: z.union([z.string(), z.int()]).optional(),
});

/** What a client says on a stream. */
export interface SocketMessage {
  readonly op: string;
  readonly args: readonly unknown[];
  /** To be said back, in an object to be spread; empty when the client gave none. */
  readonly tag: { readonly req_id?: string };
}

/** Null for what is none. */
export const socketMessage = (text: string): SocketMessage | null => {
  try {
    const { op, args = [], req_id } = message.parse(JSON.parse(text));
    return { op, args, tag: req_id === undefined ? {} : { req_id: String(req_id) } };
  } catch {
    return null;
  }
};
