import { expect } from "vitest";
import { preflight } from "../../src/index.ts";
import type { PushEvent, PushFile, PushOptions, PushSummary } from "../../src/push/options.ts";
import type { PushTotals } from "../../src/push/progress.ts";
import { createPush } from "../../src/push/push.ts";
import type { SubmitFile } from "../../src/submit/input/submit-file.ts";
import { type ServiceInMemory, timeInTests } from "../submit/client-in-memory.ts";
import { wav } from "../submit/crash/wav.ts";

export interface One {
  bytes: Uint8Array<ArrayBuffer>;
  file?: Partial<SubmitFile>;
  /** Thrown in place of a report. */
  thrown?: unknown;
}
export const wavFile = (mark: number, seconds = 2.5): One => ({ bytes: new Uint8Array(wav(seconds, mark)) });
export const preflightOptions: object[] = [];
export const push = createPush<One>({
  async preflight({ bytes, thrown }, options) {
    preflightOptions.push(options);
    if (thrown) throw thrown;
    return preflight(bytes, options);
  },
  open: ({ bytes, file }) => ({
    name: "sound.wav",
    payload: bytes,
    url: null,
    stamp: async () => null,
    sha256: async () => {
      const digest = await crypto.subtle.digest("SHA-256", bytes);
      return Buffer.from(digest).toString("hex");
    },
    probe: async () => null,
    ...file,
  }),
  rulesVersion: async () => "2026-11-22",
  alwaysHash: true,
});
export const files = (...inputs: One[]): PushFile<One>[] =>
  inputs.map((input, i) => ({ input, file: `${i}.wav` }));

export interface Run {
  summary: PushSummary;
  events: PushEvent[];
  overalls: PushTotals[];
}
type Running = (
  service: ServiceInMemory,
  all: Iterable<PushFile<One>> | AsyncIterable<PushFile<One>>,
  options?: Partial<PushOptions>,
) => Promise<Run>;

/** Runs over files with fake timers; call it at the top level of a test file. */
export function pushInMemory(): { run: Running } & ReturnType<typeof timeInTests> {
  const time = timeInTests();
  return {
    ...time,
    async run(service, all, options = {}) {
      const events: PushEvent[] = [];
      const overalls: PushTotals[] = [];
      const summary = await time.passing(
        push(all, {
          atlas: service.client,
          crossCheck: "never",
          onEvent(event, overall) {
            events.push(event);
            overalls.push(overall);
          },
          ...options,
        }),
      );
      return { summary, events, overalls };
    },
  };
}
export const eventLines = (events: PushEvent[]): string[] =>
  events.map(({ kind, file }) => `${file} ${kind}`);
/** The summary of a run without files. */
export const nothing = {
  files: 0,
  passed: 0,
  refused: 0,
  reused: 0,
  uploaded: 0,
  registered: 0,
  active: 0,
  failed: 0,
  errors: 0,
  left: 0,
  planned: { reuse: 0, wait: 0, look: 0, register: 0, upload: 0, again: 0 },
  bytes: { checked: expect.any(Number), sent: expect.any(Number) },
  requests: 0,
  elapsed: expect.any(Number),
  estimate: null,
  stopped: false,
  fatal: null,
  hint: null,
};
