import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DatasetNames } from './dataset-names.js';
import { folderLake } from './folder-lake.js';
import { httpLake } from './http-lake.js';
import { badLake } from './lake-errors.js';
import type { RemoteLake } from './transfer.js';

/** A lake as it is opened by its address: parts, and the names of datasets. */
export type OpenLake = RemoteLake & DatasetNames;

/** How a lake is opened. */
export interface LakeOptions {
  /** What an HTTP lake was started with; `QUANTAI_LAKE_TOKEN` where it is left out. Never printed. */
  readonly token?: string | undefined;
  /** How long a server may say nothing before a transfer counts as broken, milliseconds; 20,000 by default. */
  readonly silenceMs?: number;
  /** Pause before the second try, milliseconds; doubles from try to try. */
  readonly pauseMs?: number;
}

/** The lake at a folder (a path or `file://…`) or at an address (`http://…`, `https://…`). Nothing is asked of it yet. Throws a usage error for what is neither. */
export const openLake = (url: string, { token = process.env['QUANTAI_LAKE_TOKEN'], ...options }: LakeOptions = {}): OpenLake => {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(url)?.[1]?.toLowerCase();
  if (url.trim() === '') throw badLake(url, 'it is empty');
  if (scheme === undefined || isAbsolute(url)) return folderLake(resolve(url));
  let parsed: URL;
  try {
    parsed = new URL(url);
    if (scheme === 'file') return folderLake(fileURLToPath(parsed));
  } catch {
    throw badLake(url, 'it is no address');
  }
  if (scheme !== 'http' && scheme !== 'https') throw badLake(url.replace(/\/\/[^/]*@/, '//'), `nothing is known of ${scheme}:`);
  // An address is told to workers, and printed.
  if (parsed.username !== '' || parsed.password !== '')
    throw badLake(
      `${parsed.protocol}//${parsed.host}${parsed.pathname}`,
      'a password in an address is seen by whoever sees the address; it belongs into QUANTAI_LAKE_TOKEN',
    );
  if (parsed.search !== '' || parsed.hash !== '') throw badLake(url, 'the hashes of parts are put behind it, so it ends with its path');
  return httpLake(parsed.href.replace(/\/+$/, ''), { ...options, token: token === undefined || token === '' ? undefined : token });
};
