/** How training reaches files; where there is no file system, an object in memory does. */
export interface DataSource {
  /** Whether there is a file with this path. */
  readonly exists: (path: string) => boolean;
  /** Throws `file.missing` or `file.unreadable`. */
  readonly read: (path: string) => Uint8Array;
  /** The folder of the MNIST files where a recipe names none; null where nothing is installed. */
  readonly mnistFolder: () => string | null;
}
