/** A file that is written at its end. */
export interface DiskFile {
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves when everything written is on the disk itself (fdatasync). */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The file system as the live journal uses it; the simulator has one that forgets what was not synced and fails when told to. Paths are absolute or relative to its root. */
export interface Disk {
  /** Names in a folder, sorted; empty when there is none. */
  list(folder: string): Promise<readonly string[]>;
  /** The whole file. Throws when there is none. */
  read(path: string): Promise<Uint8Array>;
  /** The same at once, for the few bytes that are asked for as an order leaves: handing the read to another thread costs fifty times as long as the read. */
  readNow(path: string): Uint8Array;
  /** Opens for appending, and creates it and its folder where missing. */
  append(path: string): Promise<DiskFile>;
  /** Cuts a file to a length. */
  truncate(path: string, length: number): Promise<void>;
  /** Writes a whole file so that it is there entirely or not at all. */
  publish(path: string, bytes: Uint8Array): Promise<void>;
  rename(from: string, to: string): Promise<void>;
}
