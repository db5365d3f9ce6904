/**
 * Milliseconds of loading, and files, over which is averaged; what is older counts less and less. Longer than most files
 * take: their second half, from the server to the service, is often the faster one.
 */
const averagedOver = { loading: 40_000, files: 20 };
/** What an estimate needs: fewer bytes may only fill a buffer, and the first files wait for a connection. */
const minimum = { loading: 1000, bytes: 100_000, files: 3 };

/** How long files take: for each byte, and for each file until the server has answered after its last byte. */
export class TransferRate {
  #bytes = 0;
  #loading = 0;
  #files = 0;
  #waiting = 0;
  readonly #atOnce: number;

  /** @param atOnce how many files are sent at the same time */
  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  /** So many bytes of one file went out in so many milliseconds. */
  loaded(bytes: number, milliseconds: number): void {
    const kept = Math.exp(-milliseconds / averagedOver.loading);
    this.#bytes = this.#bytes * kept + bytes;
    this.#loading = this.#loading * kept + milliseconds;
  }

  /** The server has answered, so many milliseconds after a file's last byte. */
  arrived(milliseconds: number): void {
    const kept = 1 - 1 / averagedOver.files;
    this.#files = this.#files * kept + 1;
    this.#waiting = this.#waiting * kept + milliseconds;
  }

  /**
   * Seconds until `bytes` more are sent; null while that is unknown.
   * @param files how many files they belong to that have not arrived; 0 leaves the server's answers out
   */
  secondsFor(bytes: number, files = 0): number | null {
    const known = this.#bytes >= minimum.bytes && (this.#files > 0 || this.#loading >= minimum.loading);
    if (!known && this.#files < minimum.files) return null;
    const perByte = this.#loading / Math.max(1, this.#bytes);
    const perFile = this.#files === 0 ? 0 : this.#waiting / this.#files;
    const lanes = Math.max(1, Math.min(files, this.#atOnce));
    return (bytes * perByte + files * perFile) / lanes / 1000;
  }
}
