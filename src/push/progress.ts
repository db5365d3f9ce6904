/** One file that is being sent. */
interface Sending {
  loaded: number;
  total: number;
}

/** What a run's progress is reckoned from. Times in milliseconds, sizes in bytes. */
export interface Tally {
  /** Files found so far, and whether these are all. */
  files: number;
  complete: boolean;
  done: number;
  /** Bytes of files that are done with, sent or not, and of those under way. */
  bytesDone: number;
  bytesSent: number;
  sending: Readonly<Record<string, Sending>>;
  /** Sent in all at some moments of the last seconds, the oldest first. */
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

/** How far a push is, all files together. */
export interface PushTotals {
  files: { done: number; total: number | null };
  /** Bytes sent, those of files under way included. */
  bytes: number;
  /** Bytes a second over the last ten seconds; null until something was sent. */
  bytesPerSecond: number | null;
  /** Null while it cannot be told. */
  secondsLeft: number | null;
}

const windowInMilliseconds = 10_000;

/** The tally after some bytes of a file were sent; a retry starts over. */
export function sent(tally: Tally, file: string, loaded: number, total: number, at: number): Tally {
  const sending = { ...tally.sending, [file]: { loaded, total } };
  const next = { ...tally, sending };
  const last = tally.samples.at(-1);
  // Four samples a second are plenty, however often progress is told.
  if (last && at - last.at < 250) return next;
  const samples = [
    ...tally.samples.filter((s) => at - s.at <= windowInMilliseconds),
    { at, sent: sentInAll(next) },
  ];
  return { ...next, samples };
}

/** The tally after a file is done with, `bytes` of it sent. */
export function done(tally: Tally, file: string, bytes: number): Tally {
  const { [file]: under, ...sending } = tally.sending;
  const bytesSent = tally.bytesSent + (under?.loaded ?? 0);
  return { ...tally, sending, bytesSent, done: tally.done + 1, bytesDone: tally.bytesDone + bytes };
}

/** How far the run is. */
export function overall(tally: Tally, at: number): PushTotals {
  const { files, done, complete, samples } = tally;
  const bytes = sentInAll(tally);
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

function sentInAll({ bytesSent, sending }: Tally): number {
  return Object.values(sending).reduce((sum, { loaded }) => sum + loaded, bytesSent);
}

/** Files not begun are taken for as large as those done with and those under way, on average. */
function bytesLeft({ files, done, bytesDone, sending }: Tally): number {
  const under = Object.values(sending);
  const total = under.reduce((sum, one) => sum + one.total, 0);
  const left = under.reduce((sum, one) => sum + one.total - one.loaded, 0);
  const seen = done + under.length;
  return left + Math.max(0, files - seen) * (seen ? (bytesDone + total) / seen : 0);
}
