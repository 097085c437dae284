import { portableBundle } from '../../strategies/portable-bundle.js';
import { hashOf } from './content-hash.js';
import { inParallel } from './in-parallel.js';
import type { Lake } from './lake.js';
import { encodeShared, type PartSource } from './shared-document.js';
import type { PartEntry, PublishShared, SharedDocument } from './shared-parts.js';

/** Parts on their way at once: more than one, so that hashing, flushing and the wire do not wait for each other. */
const AT_ONCE = 4;

interface Part {
  readonly entry: PartEntry;
  readonly bytes: Uint8Array;
}

const read = async (source: PartSource): Promise<Part> => {
  if ('bytes' in source) return { entry: { hash: await hashOf(source.bytes), bytes: source.bytes.length }, bytes: source.bytes };
  const { name, text } = await portableBundle(source.bundle);
  const bytes = Buffer.from(text);
  return { entry: { hash: await hashOf(bytes), bytes: bytes.length, name }, bytes };
};

const send = async (lake: Lake, { entry, bytes }: Part): Promise<void> => {
  if (!(await lake.has(entry.hash))) await lake.put(entry.hash, bytes);
};

export const publishShared: PublishShared = async (shared, lake) => {
  const sources: PartSource[] = [];
  const value = encodeShared(shared, source => sources.push(source) - 1);
  // Sent as soon as each is hashed. The document goes last: who can read it finds all that it names.
  const entries = await inParallel(sources, AT_ONCE, async source => {
    const part = await read(source);
    await send(lake, part);
    return part.entry;
  });
  const document: SharedDocument = { format: 1, parts: entries, value };
  const bytes = Buffer.from(JSON.stringify(document));
  const hash = await hashOf(bytes);
  await send(lake, { entry: { hash, bytes: bytes.length }, bytes });
  const distinct = new Map(entries.map(entry => [entry.hash, entry.bytes]));
  return { hash, bytes: [...distinct.values()].reduce((sum, each) => sum + each, bytes.length) };
};
