import { openPortableBundle } from '../../strategies/portable-bundle.js';
import { inParallel } from './in-parallel.js';
import { lakeCorrupt } from './lake-errors.js';
import { decodeShared } from './shared-document.js';
import type { FetchShared, SharedDocument } from './shared-parts.js';

/** Parts on their way at once: enough to fill a line whose answers take a while, few enough that many workers do not drown a server. */
const AT_ONCE = 6;

const isDocument = (value: unknown): value is SharedDocument =>
  typeof value === 'object' &&
  value !== null &&
  'format' in value &&
  value.format === 1 &&
  'parts' in value &&
  Array.isArray(value.parts) &&
  'value' in value;

const parse = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
};

export const fetchShared: FetchShared = async (address, lake, { bundles, onBytes }, signal) => {
  const bytes = await lake.get(address.hash, signal);
  const document = parse(bytes);
  // The hash was right: it is another release's, or no document at all.
  if (!isDocument(document)) throw lakeCorrupt(lake.url, address.hash, 'Use the same release of quantai-trad on all machines.');
  let fetched = bytes.length;
  onBytes?.(fetched, address.bytes);
  const hashes = [...new Set(document.parts.map(({ hash }) => hash))];
  const buffers = new Map(
    await inParallel(hashes, AT_ONCE, async hash => {
      const part = await lake.get(hash, signal);
      fetched += part.length;
      onBytes?.(fetched, address.bytes);
      return [hash, part] as const;
    }),
  );
  const partAt = (index: number): Uint8Array<SharedArrayBuffer> => {
    const part = buffers.get(document.parts[index]?.hash ?? '');
    if (part === undefined) throw new TypeError('the document is not of this format');
    return part;
  };
  const files = new Map<number, string>();
  for (const [index, { name }] of document.parts.entries())
    if (name !== undefined)
      files.set(index, await openPortableBundle({ name, text: Buffer.from(partAt(index)).toString('utf8') }, bundles));
  return decodeShared(document.value, {
    column: index => {
      const part = partAt(index);
      if (part.byteLength === part.buffer.byteLength) return part.buffer;
      const exact = new SharedArrayBuffer(part.byteLength);
      new Uint8Array(exact).set(part);
      return exact;
    },
    bundle: index => {
      const file = files.get(index);
      if (file === undefined) throw new TypeError('the document is not of this format');
      return file;
    },
  });
};
