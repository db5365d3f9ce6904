import { createHash } from "node:crypto";
import { preflight } from "../../src/index.ts";
import type { LedgerEntry } from "../../src/ledger/entry.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import type { SubmitFile } from "../../src/submit/input/submit-file.ts";
import type { SubmitHooks, SubmitOptions, SubmittedAsset } from "../../src/submit/options.ts";
import { createSubmit } from "../../src/submit/submit.ts";
import { allEntries } from "../ledger/entries.ts";
import { type ServiceInMemory, timeInTests } from "./client-in-memory.ts";
import { wav } from "./crash/wav.ts";

export const bytes = wav(2.5, 1);
export const sha256 = createHash("sha256").update(bytes).digest("hex");

/** `submit` of the test file in memory; `file` overrides its properties. */
export const submitOf = (file: Partial<SubmitFile> = {}, alwaysHash = true) =>
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
  options?: Partial<SubmitOptions & SubmitHooks>,
  file?: Partial<SubmitFile>,
  name?: string,
) => Promise<SubmittedAsset>;

/** Submits one file under fake time. Call it at the top level of a test file. */
export function submitInMemory(): { sending: Sending; passing: <T>(promise: Promise<T>) => Promise<T> } {
  const { passing } = timeInTests();
  return {
    passing,
    sending: (service, options = {}, file = {}, name = "clips/rain on tin.final.mp3") =>
      passing(submitOf(file)(name, { atlas: service.client, crossCheck: "never", ...options })),
  };
}

export const entryOf = async (ledger: Ledger): Promise<LedgerEntry | undefined> =>
  (await allEntries(ledger))[0];
