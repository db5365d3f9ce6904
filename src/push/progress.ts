/** One file that is being sent. */
interface Sending {
  loaded: number;
  total: number;
}

/** What a run's progress is computed from. Times in milliseconds, sizes in bytes. */
export interface Tally {
  /** Files found so far, and whether that is all of them. */
  files: number;
  complete: boolean;
  done: number;
  /** Sizes of finished files, whether they were sent or not. */
  bytesDone: number;
  /** Bytes sent of finished files. */
  bytesSent: number;
  sending: Readonly<Record<string, Sending>>;
  /** Bytes sent in all at some moments of the last seconds, the oldest first. */
  samples: readonly { at: number; sent: number }[];
}

export const emptyTally: Tally = {
  files: 0,
  complete: false,
  done: 0,
  bytesDone: 0,
  bytesSent: 0,
  sending: {},
  samples: [],
};

/** Progress of a push over all files. */
export interface PushTotals {
  files: { done: number; total: number | null };
  /** Bytes sent, including those of files under way. */
  bytes: number;
  /** Bytes per second over the last ten seconds; null until something was sent. */
  bytesPerSecond: number | null;
  /** Null while it cannot be estimated. */
  secondsLeft: number | null;
}

const windowInMilliseconds = 10_000;

/** The tally after one more file was found. @param files found so far */
export function withFile(tally: Tally, files: number): Tally {
  return tally.complete ? tally : { ...tally, files };
}

/** The tally after some bytes of a file were sent; a retry starts over. */
export function withBytesSent(tally: Tally, file: string, loaded: number, total: number, at: number): Tally {
  const sending = { ...tally.sending, [file]: { loaded, total } };
  const next = { ...tally, sending };
  const last = tally.samples.at(-1);
  // Four samples per second are enough, however often progress is reported.
  if (last && at - last.at < 250) return next;
  const samples = [
    ...tally.samples.filter((s) => at - s.at <= windowInMilliseconds),
    { at, sent: totalSent(next) },
  ];
  return { ...next, samples };
}

/** The tally after a file is finished. @param bytes its size */
export function withFileDone(tally: Tally, file: string, bytes: number): Tally {
  const { [file]: current, ...sending } = tally.sending;
  const bytesSent = tally.bytesSent + (current?.loaded ?? 0);
  return { ...tally, sending, bytesSent, done: tally.done + 1, bytesDone: tally.bytesDone + bytes };
}

/** Progress of the run. */
export function totalsOf(tally: Tally, at: number): PushTotals {
  const { files, done, complete, samples } = tally;
  const bytes = totalSent(tally);
  const first = samples.find((sample) => at - sample.at <= windowInMilliseconds);
  const seconds = first ? (at - first.at) / 1000 : 0;
  const rate = first && seconds >= 0.5 ? Math.max(0, bytes - first.sent) / seconds : null;
  return {
    files: { done, total: complete ? files : null },
    bytes,
    bytesPerSecond: bytes > 0 ? rate : null,
    secondsLeft: complete && rate ? bytesLeft(tally) / rate : null,
  };
}

function totalSent({ bytesSent, sending }: Tally): number {
  return Object.values(sending).reduce((sum, { loaded }) => sum + loaded, bytesSent);
}

/** Files that have not started are assumed to be as large as the others on average. */
function bytesLeft({ files, done, bytesDone, sending }: Tally): number {
  const current = Object.values(sending);
  const total = current.reduce((sum, one) => sum + one.total, 0);
  const left = current.reduce((sum, one) => sum + one.total - one.loaded, 0);
  const seen = done + current.length;
  return left + Math.max(0, files - seen) * (seen ? (bytesDone + total) / seen : 0);
}
