import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { LibraryName, Question } from "../../../src/facts/cross-check/library-reading.ts";
import { askInWorker } from "../../../src/facts/cross-check/worker-client.ts";
import type { FromWorker, ToWorker } from "../../../src/facts/cross-check/worker-protocol.ts";

/* One worker for all questions, one question at a time: what is said to it and when it is ended, by a clock held still. */

/** A worker as its port shows it: what was said to it, whether it was ended, whether the process waits for it. */
interface Started {
  sent: ToWorker[];
  /** What it was last sent. */
  last: () => ToWorker | undefined;
  say: (message: FromWorker) => Promise<void>;
  die: (error: Error) => Promise<void>;
  ended: boolean;
  held: boolean[];
}

const settle = async (): Promise<void> => void (await vi.advanceTimersByTimeAsync(0));
const limits = { timeout: 2000, startup: 10_000 };

function office(fails: unknown[] = []): { started: Started[]; office: ReturnType<typeof askInWorker> } {
  const started: Started[] = [];
  return {
    started,
    office: askInWorker(
      (receive, lost) => {
        if (fails.length > 0) throw fails.shift();
        const one: Started = {
          sent: [],
          last: () => one.sent.at(-1),
          say: (message) => {
            receive(message);
            return settle();
          },
          die: (error) => {
            lost(error);
            return settle();
          },
          ended: false,
          held: [],
        };
        started.push(one);
        return {
          post: (message) => void one.sent.push(message),
          end: () => {
            one.ended = true;
          },
          hold: (busy) => void one.held.push(busy),
        };
      },
      "/module.wasm",
      limits,
    ),
  };
}

const file = (size: number, read?: Question["read"]): Question => ({
  format: "mp3",
  size,
  read: read ?? (async (offset, length) => new Uint8Array(length).fill(offset)),
});
/** How a question ended, once it has. */
function ask(
  { ask: of }: ReturnType<typeof askInWorker>,
  question: Question = file(100),
  name: LibraryName = "music-metadata",
): { end: string | null } {
  const outcome: { end: string | null } = { end: null };
  of(name, question).then(
    (libraryReading) => {
      outcome.end = JSON.stringify(libraryReading);
    },
    (error: Error) => {
      outcome.end = error.message;
    },
  );
  return outcome;
}
const started = async (read?: Question["read"]) => {
  const { started: all, office: of } = office();
  const outcome = ask(of, file(100, read));
  const one = all[0] as Started;
  await one.say({ op: "ready" });
  return { all, of, one, outcome };
};

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance", "setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

describe("a question", () => {
  test("starts the worker, is asked when it is ready, read for, and answered", async () => {
    const { started: all, office: of } = office();
    expect(all).toEqual([]);
    const outcome = ask(of);
    const one = all[0] as Started;
    expect([one.sent, one.held]).toEqual([[{ op: "start", wasm: "/module.wasm" }], [true]]);
    await one.say({ op: "ready" });
    expect(one.sent.slice(1)).toEqual([
      { op: "analyse", id: 1, crossCheck: "music-metadata", format: "mp3", size: 100 },
    ]);
    await one.say({ op: "read", id: 1, offset: 7, length: 3 });
    expect(one.last()).toEqual({ op: "bytes", id: 1, bytes: new Uint8Array([7, 7, 7]) });
    expect(outcome.end).toBeNull();
    await one.say({ op: "answer", id: 1, libraryReading: { duration: 5 } });
    expect(outcome.end).toBe('{"duration":5}');
    // Nobody waits for it any more, and its clock is stopped.
    expect(one.held.at(-1)).toBe(false);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(one.ended).toBe(false);
  });

  test("waits for the one before it, and is then asked of the same worker at once", async () => {
    const { all, of, one, outcome } = await started();
    const second = ask(of, file(200));
    expect(one.sent).toHaveLength(2);
    await one.say({ op: "answer", id: 1, libraryReading: {} });
    expect([outcome.end, second.end]).toEqual(["{}", null]);
    expect(one.last()).toEqual({
      op: "analyse",
      id: 2,
      crossCheck: "music-metadata",
      format: "mp3",
      size: 200,
    });
    expect(one.held).not.toContain(false);
    await one.say({ op: "failed", id: 2, why: "no sync" });
    expect([second.end, all.length, one.held.at(-1)]).toEqual(["no sync", 1, false]);
    const third = ask(of);
    expect([one.last(), one.held.at(-1)]).toEqual([
      { op: "analyse", id: 3, crossCheck: "music-metadata", format: "mp3", size: 100 },
      true,
    ]);
    expect(third.end).toBeNull();
  });

  test("that cannot be read for is told so, as no bytes", async () => {
    const { one } = await started(() => Promise.reject(new Error("the disk is gone")));
    await one.say({ op: "read", id: 1, offset: 0, length: 3 });
    expect(one.last()).toEqual({ op: "bytes", id: 1, bytes: null });
  });

  test("is not touched by what is said of another", async () => {
    const { of, one, outcome } = await started();
    await one.say({ op: "answer", id: 1, libraryReading: {} });
    const told = one.sent.length;
    await one.say({ op: "read", id: 1, offset: 0, length: 3 });
    await one.say({ op: "answer", id: 1, libraryReading: { duration: 9 } });
    expect([one.sent.length, outcome.end]).toEqual([told, "{}"]);
    const next = ask(of);
    await one.say({ op: "answer", id: 1, libraryReading: { duration: 9 } });
    await one.say({ op: "failed", id: 1, why: "late" });
    await one.say({ op: "read", id: 1, offset: 0, length: 3 });
    expect([next.end, one.sent.length]).toEqual([null, told + 1]);
  });
});

describe("a worker is ended, and the next question gets a new one,", () => {
  const replaced = async ({ all, of }: Awaited<ReturnType<typeof started>>): Promise<void> => {
    expect(all[0]?.ended).toBe(true);
    const next = ask(of);
    const fresh = all[1] as Started;
    expect(fresh.sent).toEqual([{ op: "start", wasm: "/module.wasm" }]);
    await fresh.say({ op: "ready" });
    // Whatever the old one still says or does is nobody's.
    await all[0]?.say({ op: "answer", id: 2, libraryReading: { duration: 1 } });
    await all[0]?.die(new Error("late"));
    expect([next.end, fresh.ended]).toEqual([null, false]);
    await fresh.say({ op: "answer", id: 2, libraryReading: { duration: 2 } });
    expect(next.end).toBe('{"duration":2}');
  };

  test("where it takes longer on the file than it may, all its looks together", async () => {
    const desk = await started();
    const { one, outcome } = desk;
    for (let look = 0; look < 2; look++) {
      await one.say({ op: "read", id: 1, offset: 0, length: 3 });
      await vi.advanceTimersByTimeAsync(800);
    }
    await one.say({ op: "read", id: 1, offset: 0, length: 3 });
    await vi.advanceTimersByTimeAsync(399);
    expect(outcome.end).toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    expect(outcome.end).toBe("it took longer than 2 s and was ended");
    await replaced(desk);
  });

  test("where its time is over when it asks for more: it is not read for any more", async () => {
    const read = vi.fn<Question["read"]>(async () => new Uint8Array(1));
    const desk = await started(read);
    await desk.one.say({ op: "read", id: 1, offset: 0, length: 1 });
    // A busy process: the timer comes late, the question for bytes first.
    const now = performance.now();
    vi.spyOn(performance, "now").mockReturnValue(now + 2000);
    await desk.one.say({ op: "read", id: 1, offset: 0, length: 1 });
    expect(read).toHaveBeenCalledOnce();
    expect(desk.outcome.end).toBe("it took longer than 2 s and was ended");
    vi.restoreAllMocks();
    await replaced(desk);
  });

  test("where its library does not load", async () => {
    const desk = await started();
    await vi.advanceTimersByTimeAsync(9999);
    expect(desk.outcome.end).toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    expect(desk.outcome.end).toBe("its library did not load");
    await replaced(desk);
  });

  test("where it never says that it is ready", async () => {
    const { started: all, office: of } = office();
    const outcome = ask(of);
    await vi.advanceTimersByTimeAsync(9999);
    expect(outcome.end).toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    expect([outcome.end, all[0]?.ended]).toEqual(["its worker did not start", true]);
    ask(of);
    expect(all).toHaveLength(2);
  });

  test("where it dies", async () => {
    const desk = await started();
    await desk.one.die(new Error("out of memory"));
    expect(desk.outcome.end).toBe("out of memory");
    await replaced(desk);
  });

  test("where it dies with nothing to do", async () => {
    const desk = await started();
    await desk.one.say({ op: "answer", id: 1, libraryReading: {} });
    await desk.one.die(new Error("killed"));
    expect(desk.outcome.end).toBe("{}");
    await replaced(desk);
  });
});

describe("time is not counted", () => {
  test("while the file is read, however slow the disk", async () => {
    const slow = (): Promise<Uint8Array<ArrayBuffer>> =>
      new Promise((resolve) => setTimeout(() => resolve(new Uint8Array(1)), 30_000));
    const { one, outcome } = await started(slow);
    for (let look = 0; look < 3; look++) {
      await one.say({ op: "read", id: 1, offset: 0, length: 1 });
      await vi.advanceTimersByTimeAsync(30_000);
      expect(one.sent).toHaveLength(3 + look);
    }
    expect(outcome.end).toBeNull();
  });

  test("while a library loads, and afresh for each question", async () => {
    const { of, one, outcome } = await started();
    await vi.advanceTimersByTimeAsync(9000);
    await one.say({ op: "read", id: 1, offset: 0, length: 1 });
    await vi.advanceTimersByTimeAsync(1900);
    await one.say({ op: "answer", id: 1, libraryReading: {} });
    expect(outcome.end).toBe("{}");
    const next = ask(of);
    await vi.advanceTimersByTimeAsync(9000);
    await one.say({ op: "read", id: 2, offset: 0, length: 1 });
    await vi.advanceTimersByTimeAsync(1900);
    await one.say({ op: "read", id: 2, offset: 0, length: 1 });
    expect([next.end, one.ended]).toEqual([null, false]);
    await vi.advanceTimersByTimeAsync(100);
    expect(next.end).toBe("it took longer than 2 s and was ended");
  });
});

test("bytes that come after the end go nowhere", async () => {
  let give: (bytes: Uint8Array<ArrayBuffer>) => void = () => {};
  const { one } = await started(() => new Promise((resolve) => (give = resolve)));
  await one.say({ op: "read", id: 1, offset: 0, length: 1 });
  const told = one.sent.length;
  await one.die(new Error("killed"));
  give(new Uint8Array(1));
  await settle();
  expect(one.sent).toHaveLength(told);
  // Nor to the one that is at work by then.
  const { one: second, of: desk } = await started(() => new Promise((resolve) => (give = resolve)));
  await second.say({ op: "read", id: 1, offset: 0, length: 1 });
  await second.say({ op: "failed", id: 1, why: "enough" });
  const next = ask(desk);
  const asked = second.sent.length;
  give(new Uint8Array(1));
  await settle();
  expect([second.sent.length, next.end]).toEqual([asked, null]);
});

test("a worker that cannot be started fails its question alone", async () => {
  const { started: all, office: of } = office([new Error("not allowed here"), "refused"]);
  const [first, second, third] = [ask(of), ask(of), ask(of)];
  await settle();
  expect([first.end, second.end, third.end]).toEqual(["not allowed here", "refused", null]);
  expect(all).toHaveLength(1);
});

test("dismissed, it ends whatever there is, and can be asked again", async () => {
  const { all, of, one, outcome } = await started();
  const waiting = ask(of);
  of.end();
  await settle();
  expect([outcome.end, waiting.end]).toEqual(Array(2).fill("the crossCheck were dismissed"));
  expect([one.ended, all.length]).toEqual([true, 1]);
  ask(of);
  expect(all).toHaveLength(2);
  office().office.end();
});
