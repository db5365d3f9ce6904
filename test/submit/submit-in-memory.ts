import { createHash } from "node:crypto";
import { preflight } from "../../src/index.ts";
import type { LedgerEntry } from "../../src/ledger/entry.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import type { RunOptions, SubmitFile, SubmitOptions, SubmittedAsset } from "../../src/submit/options.ts";
import { createSubmit } from "../../src/submit/submit.ts";
import { allEntries } from "../ledger/entries.ts";
import { type ServiceInMemory, timeInTests } from "./client-in-memory.ts";
import { wav } from "./crash/wav.ts";

export const bytes = wav(2.5, 1);
export const sha256 = createHash("sha256").update(bytes).digest("hex");

/** The way to a file, as it is said. */
export const road = (file: Partial<SubmitFile> = {}, alwaysHash = true) =>
  createSubmit<string>({
    preflight: (_, options) => preflight(new Uint8Array(bytes), options),
    open: (input) => ({
      name: input,
      payload: new Uint8Array(bytes),
      url: null,
      stamp: async () => "1",
      sha256: async () => sha256,
      probe: async () => null,
      ...file,
    }),
    rulesVersion: async () => "2026-11-22",
    alwaysHash,
  });
type Sending = (
  service: ServiceInMemory,
  options?: Partial<SubmitOptions & RunOptions>,
  file?: Partial<SubmitFile>,
  name?: string,
) => Promise<SubmittedAsset>;

/** Sends one file, in no time; call it beside the tests that use it. */
export function roadInMemory(): { sending: Sending; passing: <T>(promise: Promise<T>) => Promise<T> } {
  const { passing } = timeInTests();
  return {
    passing,
    sending: (service, options = {}, file = {}, name = "clips/rain on tin.final.mp3") =>
      passing(road(file)(name, { atlas: service.client, crossCheck: "never", ...options })),
  };
}

export const entryOf = async (ledger: Ledger): Promise<LedgerEntry | undefined> =>
  (await allEntries(ledger))[0];
