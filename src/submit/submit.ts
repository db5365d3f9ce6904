import { withoutSignatures } from "../atlas/assets/without-signatures.ts";
import { isLoopbackHost } from "../bytes/url/loopback.ts";
import { throwIfAborted } from "../errors.ts";
import type { Kind } from "../facts/formats.ts";
import type { LedgerKey } from "../ledger/entry.ts";
import { LeaseLost, type Ledger, type LedgerClaim } from "../ledger/ledger.ts";
import { memoryLedger } from "../ledger/memory.ts";
import { chooseAssetName } from "./asset/asset-name.ts";
import { baseName } from "./base-name.ts";
import { type CheckedInput, checkInput } from "./check-input.ts";
import { entryKey, nameHashOf } from "./entry-key.ts";
import type { SubmitPlatform } from "./input/submit-file.ts";
import type { SubmitHooks, SubmitOptions, SubmittedAsset } from "./options.ts";
import { type ClaimedFile, type ClaimOutcome, processClaim, type UploadSource } from "./process-claim.ts";
import { type AssetList, createAssetList } from "./registration/asset-list.ts";
import type { CheckRecord } from "./registration/ledger-fields.ts";
import {
  type LateRegistration,
  leaseInMilliseconds,
  type RegistrationContext,
} from "./registration/registration-context.ts";
import { SubmitError } from "./submit-error.ts";

/** How long to wait for an entry that another machine has claimed while the rate limit delays its registration. */
const rateLimitedWaitInMilliseconds = 24 * 3_600_000;
/** Most rounds for a file that keeps changing, or an entry that others keep claiming. */
const maxRounds = 4;

export type Submit<Input> = (input: Input, options: SubmitOptions & SubmitHooks) => Promise<SubmittedAsset>;

/** What every round of one file needs. */
interface SubmitRun {
  options: SubmitOptions & SubmitHooks & { assetList: AssetList };
  ledger: Ledger;
}

/** A file to register: its key, and everything that a round needs once the key is claimed. */
interface FileToRegister {
  key: LedgerKey;
  file: string | null;
  prepare(claim: LedgerClaim, late: readonly LateRegistration[]): Promise<ClaimedFile>;
}

/** `submit` over a platform's own way of reaching files: check, upload, register, wait. */
export function createSubmit<Input>(platform: SubmitPlatform<Input>): Submit<Input> {
  return async (input, options) => {
    const run = runOf({ ...options, allowPrivate: options.allowPrivate ?? loopbackOnly(options.atlas) });
    try {
      const { asset, report, reused } = await repeatRounds(run, async (late) => {
        const result = await checkWhenScheduled(platform, input, run);
        if (result.outcome === "file-changed") return result;
        return claimAndProcess(run, await fileToRegister(platform, run, result.checked), late);
      });
      return { ...withoutSignatures(asset), report, reused };
    } catch (error) {
      if (error instanceof SubmitError && error.asset)
        Object.assign(error, { asset: withoutSignatures(error.asset) });
      throw error;
    }
  };
}

function runOf(options: SubmitOptions & SubmitHooks): SubmitRun {
  const assetList = options.assetList ?? createAssetList(options.atlas, options.signal ?? null);
  return { options: { ...options, assetList }, ledger: options.ledger ?? memoryLedger() };
}

/** Starts again after a change of the file or a lost lease, a few times. */
async function repeatRounds(
  { options }: SubmitRun,
  round: (late: readonly LateRegistration[]) => Promise<ClaimOutcome>,
): Promise<ClaimOutcome & { outcome: "submitted" }> {
  const late: LateRegistration[] = [];
  for (let rounds = 1; ; rounds++) {
    throwIfAborted(options.signal);
    const result = await round(late);
    if (result.outcome === "submitted") return result;
    if (result.outcome === "lease-lost" && result.late) late.push(result.late);
    if (rounds === maxRounds) throw roundsExhausted(result.outcome);
  }
}

/** One round under a claim of the entry. */
async function claimAndProcess(
  { options, ledger }: SubmitRun,
  { key, file, prepare }: FileToRegister,
  late: readonly LateRegistration[],
): Promise<ClaimOutcome> {
  const claim = await ledger.claim(key, file, {
    signal: options.signal,
    onWait: options.onNote,
    lease: leaseInMilliseconds(options),
    // Under a rate limit another machine may have the same entry for long.
    deadline: options.maxRegistrationsPerMinute === undefined ? undefined : rateLimitedWaitInMilliseconds,
  });
  try {
    return await processClaim(await prepare(claim, late));
  } catch (error) {
    if (error instanceof LeaseLost) return { outcome: "lease-lost", late: null };
    // The client noticed that the bytes changed while it sent them.
    if ((error as { code?: unknown }).code === "changed" && !("sourceUrl" in key))
      return { outcome: "file-changed" };
    throw error;
  } finally {
    // A lease that cannot be released ends by itself; the outcome is recorded already.
    await claim.release().catch(() => {});
  }
}

function roundsExhausted(outcome: "file-changed" | "lease-lost"): SubmitError {
  return outcome === "file-changed"
    ? new SubmitError(
        "changed",
        "it kept changing while it was checked and uploaded: nothing was registered",
        { hint: "run it again when nothing writes to it any more", retryable: true },
      )
    : new SubmitError("ledger-locked", "other processes kept claiming its entry in the ledger", {
        hint: "run it again later",
        retryable: true,
      });
}

function checkWhenScheduled<Input>(platform: SubmitPlatform<Input>, input: Input, { options }: SubmitRun) {
  const schedule = options.schedule ?? ((_, task) => task());
  return schedule("check", () => {
    options.onProgress?.({ phase: "check", loaded: 0, total: null });
    return checkInput(platform, input, options, options.ledger !== undefined);
  });
}

async function fileToRegister<Input>(
  platform: SubmitPlatform<Input>,
  run: SubmitRun,
  checked: CheckedInput,
): Promise<FileToRegister> {
  const { options } = run;
  const { file, report, probed } = checked;
  const key = entryKey(checked, options);
  const nameHash = nameHashOf(key);
  const naming = chooseAssetName(options.assetName, file.name, report.type as Kind, nameHash);
  const rulesVersion = await platform.rulesVersion?.(options.rules);
  return {
    key,
    file: file.name === null ? null : baseName(file.name),
    async prepare(claim, late) {
      // The server's placeholder report names no rule table.
      const rules = report.rules || undefined;
      const check: CheckRecord = { checkedAt: claim.now(), rules, rulesVersion };
      return {
        registration: registrationOf(run, { claim, late, check, nameHash, report }),
        naming,
        options,
        reusable: probed === null || probed.etag !== null,
        upload: uploadSourceOf(checked),
      };
    },
  };
}

function uploadSourceOf({ file, stamp, sha256 }: CheckedInput): UploadSource {
  if (file.object) return { kind: "object", object: file.object };
  return file.url === null ? { kind: "file", file, stamp, sha256 } : { kind: "url", url: file.url };
}

function registrationOf(
  { options, ledger }: SubmitRun,
  about: Pick<RegistrationContext, "claim" | "late" | "check" | "nameHash" | "report">,
): RegistrationContext {
  return { ...about, atlas: options.atlas, ledger, assetList: options.assetList, options };
}

/** A service on this machine may be given URLs on this machine, and no other private ones. */
function loopbackOnly({ consoleBaseUrl }: { consoleBaseUrl: string }): ((url: URL) => boolean) | undefined {
  const local = URL.canParse(consoleBaseUrl) && isLoopbackHost(new URL(consoleBaseUrl).hostname);
  return local ? (url) => isLoopbackHost(url.hostname) : undefined;
}
