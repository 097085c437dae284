/** Which versions of which datasets a lake holds: the one thing in it that changes. A version is the hash of its manifest, which is a part like any other. */
export interface DatasetNames {
  /** Versions of a dataset in the order in which they came, the newest last; none for a dataset that the lake does not have. */
  versions(id: string, signal?: AbortSignal): Promise<readonly string[]>;
  /** Says that a version is whole here. One that was there moves to the end: what was pushed last is the newest. */
  addVersion(id: string, version: string): Promise<void>;
}

/** Where a dataset's versions are listed within a lake, by forward slashes. */
export const namesPath = (id: string): string => `datasets/${id}.json`;

/** The list as it is written. */
export const namesText = (versions: readonly string[]): string => `${JSON.stringify({ format: 1, versions })}\n`;

/** Reads such a list. Throws a TypeError for anything else. */
export const parseNames = (text: string): readonly string[] => {
  const parsed: unknown = JSON.parse(text);
  const versions = typeof parsed === 'object' && parsed !== null && 'versions' in parsed ? parsed.versions : undefined;
  if (!Array.isArray(versions) || !versions.every(version => typeof version === 'string')) throw new TypeError('it lists no versions');
  return versions;
};
