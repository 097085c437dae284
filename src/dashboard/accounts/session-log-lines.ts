import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogLine } from '../api/accounts-api.js';

const LEVELS = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' } as const;
type Level = LogLine['level'];
const ORDER: readonly Level[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

/** Bytes of each file that are looked through, from its end. */
const MOST_BYTES = 16 << 20;

const lineOf = (text: string): LogLine | null => {
  try {
    const { level, time, msg, ...fields } = JSON.parse(text) as { readonly level?: number; readonly time?: string; readonly msg?: string };
    return { at: String(time ?? ''), level: LEVELS[level as keyof typeof LEVELS] ?? 'info', text: String(msg ?? ''), fields };
  } catch {
    return null;
  }
};

const endOf = async (path: string): Promise<string> => {
  const file = await open(path, 'r').catch(() => null);
  if (file === null) return '';
  try {
    const { size } = await file.stat();
    const bytes = Buffer.alloc(Math.min(size, MOST_BYTES));
    await file.read(bytes, 0, bytes.length, size - bytes.length);
    return bytes.toString('utf8');
  } finally {
    await file.close();
  }
};

/** Lines of a session's log, newest first: of this level or worse, with this text in them. Its writer has taken secrets out. */
export const sessionLogLines = async (
  folder: string,
  { level, text = '', limit }: { readonly level?: Level | undefined; readonly text?: string | undefined; readonly limit: number },
): Promise<readonly LogLine[]> => {
  const names = (await readdir(folder).catch(() => [])).filter(name => /^session\.log(\.\d+)?$/.test(name));
  const age = (name: string): number => Number(name.slice('session.log.'.length) || 0);
  const wanted = text.toLowerCase();
  const found: LogLine[] = [];
  for (const name of names.sort((a, b) => age(a) - age(b))) {
    const lines = (await endOf(join(folder, name))).split('\n');
    for (let i = lines.length - 1; i >= 0 && found.length < limit; i--) {
      const raw = lines[i] ?? '';
      if (raw === '' || (wanted !== '' && !raw.toLowerCase().includes(wanted))) continue;
      const line = lineOf(raw);
      if (line !== null && (level === undefined || ORDER.indexOf(line.level) >= ORDER.indexOf(level))) found.push(line);
    }
    if (found.length >= limit) break;
  }
  return found;
};
