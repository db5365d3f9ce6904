import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { LibraryInput, LibraryName } from "../../../src/facts/cross-check/library-reading.ts";
import { LibraryWorker } from "../../../src/facts/cross-check/worker-client.ts";
import type { FromWorker, ToWorker } from "../../../src/facts/cross-check/worker-protocol.ts";

/* One worker for all requests, one at a time: messages to it and when it is terminated, with a fake clock. */

/** A port to a worker: the messages sent to it, whether it was terminated, whether the process waits for it. */
interface Started {
  sent: ToWorker[];
  /** What it was last sent. */
  last: () => ToWorker | undefined;
  reply: (message: FromWorker) => Promise<void>;
  exit: (error: Error) => Promise<void>;
  ended: boolean;
  keptAlive: boolean[];
}

const settle = async (): Promise<void> => void (await vi.advanceTimersByTimeAsync(0));
const limits = { timeout: 2000, startup: 10_000 };

function createWorker(fails: unknown[] = []): { started: Started[]; worker: LibraryWorker } {
  const started: Started[] = [];
  return {
    started,
    worker: new LibraryWorker(
      (receive, onExit) => {
        if (fails.length > 0) throw fails.shift();
        const one: Started = {
          sent: [],
          last: () => one.sent.at(-1),
          reply: (message) => {
            receive(message);
            return settle();
          },
          exit: (error) => {
            onExit(error);
            return settle();
          },
          ended: false,
          keptAlive: [],
        };
        started.push(one);
        return {
          post: (message) => void one.sent.push(message),
          end: () => {
            one.ended = true;
          },
          keepAlive: (busy) => void one.keptAlive.push(busy),
        };
      },
      "/module.wasm",
      limits,
    ),
  };
}

const file = (size: number, read?: LibraryInput["read"]): LibraryInput => ({
  format: "mp3",
  size,
  read: read ?? (async (offset, length) => new Uint8Array(length).fill(offset)),
});
/** How a request ended, once it has. */
function ask(
  worker: LibraryWorker,
  input: LibraryInput = file(100),
  name: LibraryName = "music-metadata",
): { end: string | null } {
  const outcome: { end: string | null } = { end: null };
  worker.run(name, input).then(
    (libraryReading) => {
      outcome.end = JSON.stringify(libraryReading);
    },
    (error: Error) => {
      outcome.end = error.message;
    },
  );
  return outcome;
}
const started = async (read?: LibraryInput["read"]) => {
  const { started: all, worker } = createWorker();
  const outcome = ask(worker, file(100, read));
  const one = all[0] as Started;
  await one.reply({ op: "ready" });
  return { all, worker, one, outcome };
};

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance", "setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

describe("a request to the worker", () => {
  test("starts the worker, is sent when it is ready, gets its reads served, and is answered", async () => {
    const { started: all, worker } = createWorker();
    expect(all).toEqual([]);
    const outcome = ask(worker);
    const one = all[0] as Started;
    expect([one.sent, one.keptAlive]).toEqual([[{ op: "start", wasm: "/module.wasm" }], [true]]);
    await one.reply({ op: "ready" });
    expect(one.sent.slice(1)).toEqual([
      { op: "analyse", id: 1, library: "music-metadata", format: "mp3", size: 100 },
    ]);
    await one.reply({ op: "read", id: 1, offset: 7, length: 3 });
    expect(one.last()).toEqual({ op: "bytes", id: 1, bytes: new Uint8Array([7, 7, 7]) });
    expect(outcome.end).toBeNull();
    await one.reply({ op: "answer", id: 1, libraryReading: { duration: 5 } });
    expect(outcome.end).toBe('{"duration":5}');
    // Nobody waits for it any more, and its clock is stopped.
    expect(one.keptAlive.at(-1)).toBe(false);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(one.ended).toBe(false);
  });

  test("waits for the one before it, then uses the same worker without delay", async () => {
    const { all, worker, one, outcome } = await started();
    const second = ask(worker, file(200));
    expect(one.sent).toHaveLength(2);
    await one.reply({ op: "answer", id: 1, libraryReading: {} });
    expect([outcome.end, second.end]).toEqual(["{}", null]);
    expect(one.last()).toEqual({
      op: "analyse",
      id: 2,
      library: "music-metadata",
      format: "mp3",
      size: 200,
    });
    expect(one.keptAlive).not.toContain(false);
    await one.reply({ op: "failed", id: 2, why: "no sync" });
    expect([second.end, all.length, one.keptAlive.at(-1)]).toEqual(["no sync", 1, false]);
    const third = ask(worker);
    expect([one.last(), one.keptAlive.at(-1)]).toEqual([
      { op: "analyse", id: 3, library: "music-metadata", format: "mp3", size: 100 },
      true,
    ]);
    expect(third.end).toBeNull();
  });

  test("gets an empty read if the source cannot be read", async () => {
    const { one } = await started(() => Promise.reject(new Error("the disk is gone")));
    await one.reply({ op: "read", id: 1, offset: 0, length: 3 });
    expect(one.last()).toEqual({ op: "bytes", id: 1, bytes: null });
  });

  test("ignores messages about other requests", async () => {
    const { worker, one, outcome } = await started();
    await one.reply({ op: "answer", id: 1, libraryReading: {} });
    const messageCount = one.sent.length;
    await one.reply({ op: "read", id: 1, offset: 0, length: 3 });
    await one.reply({ op: "answer", id: 1, libraryReading: { duration: 9 } });
    expect([one.sent.length, outcome.end]).toEqual([messageCount, "{}"]);
    const next = ask(worker);
    await one.reply({ op: "answer", id: 1, libraryReading: { duration: 9 } });
    await one.reply({ op: "failed", id: 1, why: "late" });
    await one.reply({ op: "read", id: 1, offset: 0, length: 3 });
    expect([next.end, one.sent.length]).toEqual([null, messageCount + 1]);
  });
});

describe("a worker is terminated, and the next request gets a new one,", () => {
  const replaced = async ({ all, worker }: Awaited<ReturnType<typeof started>>): Promise<void> => {
    expect(all[0]?.ended).toBe(true);
    const next = ask(worker);
    const fresh = all[1] as Started;
    expect(fresh.sent).toEqual([{ op: "start", wasm: "/module.wasm" }]);
    await fresh.reply({ op: "ready" });
    // Later messages of the old worker are ignored.
    await all[0]?.reply({ op: "answer", id: 2, libraryReading: { duration: 1 } });
    await all[0]?.exit(new Error("late"));
    expect([next.end, fresh.ended]).toEqual([null, false]);
    await fresh.reply({ op: "answer", id: 2, libraryReading: { duration: 2 } });
    expect(next.end).toBe('{"duration":2}');
  };

  test("if it takes longer on the file than allowed, all its reads together", async () => {
    const context = await started();
    const { one, outcome } = context;
    for (let round = 0; round < 2; round++) {
      await one.reply({ op: "read", id: 1, offset: 0, length: 3 });
      await vi.advanceTimersByTimeAsync(800);
    }
    await one.reply({ op: "read", id: 1, offset: 0, length: 3 });
    await vi.advanceTimersByTimeAsync(399);
    expect(outcome.end).toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    expect(outcome.end).toBe("it took longer than 2 s and was terminated");
    await replaced(context);
  });

  test("if its time is over when it requests more bytes, which are not read", async () => {
    const read = vi.fn<LibraryInput["read"]>(async () => new Uint8Array(1));
    const context = await started(read);
    await context.one.reply({ op: "read", id: 1, offset: 0, length: 1 });
    // A busy process: the timer comes late, the request for bytes first.
    const now = performance.now();
    vi.spyOn(performance, "now").mockReturnValue(now + 2000);
    await context.one.reply({ op: "read", id: 1, offset: 0, length: 1 });
    expect(read).toHaveBeenCalledOnce();
    expect(context.outcome.end).toBe("it took longer than 2 s and was terminated");
    vi.restoreAllMocks();
    await replaced(context);
  });

  test("if its library does not load", async () => {
    const context = await started();
    await vi.advanceTimersByTimeAsync(9999);
    expect(context.outcome.end).toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    expect(context.outcome.end).toBe("its library did not load");
    await replaced(context);
  });

  test("if it never reports that it is ready", async () => {
    const { started: all, worker } = createWorker();
    const outcome = ask(worker);
    await vi.advanceTimersByTimeAsync(9999);
    expect(outcome.end).toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    expect([outcome.end, all[0]?.ended]).toEqual(["its worker did not start", true]);
    ask(worker);
    expect(all).toHaveLength(2);
  });

  test("if it exits", async () => {
    const context = await started();
    await context.one.exit(new Error("out of memory"));
    expect(context.outcome.end).toBe("out of memory");
    await replaced(context);
  });

  test("if it exits while idle", async () => {
    const context = await started();
    await context.one.reply({ op: "answer", id: 1, libraryReading: {} });
    await context.one.exit(new Error("killed"));
    expect(context.outcome.end).toBe("{}");
    await replaced(context);
  });
});

describe("the timeout does not count", () => {
  test("reads of the file, however slow the disk", async () => {
    const slow = (): Promise<Uint8Array<ArrayBuffer>> =>
      new Promise((resolve) => setTimeout(() => resolve(new Uint8Array(1)), 30_000));
    const { one, outcome } = await started(slow);
    for (let round = 0; round < 3; round++) {
      await one.reply({ op: "read", id: 1, offset: 0, length: 1 });
      await vi.advanceTimersByTimeAsync(30_000);
      expect(one.sent).toHaveLength(3 + round);
    }
    expect(outcome.end).toBeNull();
  });

  test("loading a library, and starts at zero for each request", async () => {
    const { worker, one, outcome } = await started();
    await vi.advanceTimersByTimeAsync(9000);
    await one.reply({ op: "read", id: 1, offset: 0, length: 1 });
    await vi.advanceTimersByTimeAsync(1900);
    await one.reply({ op: "answer", id: 1, libraryReading: {} });
    expect(outcome.end).toBe("{}");
    const next = ask(worker);
    await vi.advanceTimersByTimeAsync(9000);
    await one.reply({ op: "read", id: 2, offset: 0, length: 1 });
    await vi.advanceTimersByTimeAsync(1900);
    await one.reply({ op: "read", id: 2, offset: 0, length: 1 });
    expect([next.end, one.ended]).toEqual([null, false]);
    await vi.advanceTimersByTimeAsync(100);
    expect(next.end).toBe("it took longer than 2 s and was terminated");
  });
});

test("bytes that arrive after the end are ignored", async () => {
  let give: (bytes: Uint8Array<ArrayBuffer>) => void = () => {};
  const { one } = await started(() => new Promise((resolve) => (give = resolve)));
  await one.reply({ op: "read", id: 1, offset: 0, length: 1 });
  const messageCount = one.sent.length;
  await one.exit(new Error("killed"));
  give(new Uint8Array(1));
  await settle();
  expect(one.sent).toHaveLength(messageCount);
  // Nor do they reach the request after it.
  const { one: second, worker: busy } = await started(() => new Promise((resolve) => (give = resolve)));
  await second.reply({ op: "read", id: 1, offset: 0, length: 1 });
  await second.reply({ op: "failed", id: 1, why: "enough" });
  const next = ask(busy);
  const count = second.sent.length;
  give(new Uint8Array(1));
  await settle();
  expect([second.sent.length, next.end]).toEqual([count, null]);
});

test("a worker that cannot be started fails only its own request", async () => {
  const { started: all, worker } = createWorker([new Error("not allowed here"), "refused"]);
  const [first, second, third] = [ask(worker), ask(worker), ask(worker)];
  await settle();
  expect([first.end, second.end, third.end]).toEqual(["not allowed here", "refused", null]);
  expect(all).toHaveLength(1);
});

test("after dispose, running workers are terminated, and a new request starts another", async () => {
  const { all, worker, one, outcome } = await started();
  const waiting = ask(worker);
  worker.end();
  await settle();
  expect([outcome.end, waiting.end]).toEqual(Array(2).fill("the cross-check worker was ended"));
  expect([one.ended, all.length]).toEqual([true, 1]);
  ask(worker);
  expect(all).toHaveLength(2);
  createWorker().worker.end();
});
