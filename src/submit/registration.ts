import { graceInMilliseconds } from "../async/grace.ts";
import type { Asset, AtlasClient } from "../atlas/types.ts";
import type { Ledger, LedgerClaim } from "../ledger/ledger.ts";
import type { Report } from "../report/report.ts";
import type { AssetList } from "./asset-list.ts";
import type { SubmitOptions } from "./options.ts";
import { defaultRecovery, type RecoveryTiming } from "./reconcile.ts";
import type { CheckRecord } from "./record.ts";

/** What registering one file takes. */
export interface Registration {
  atlas: AtlasClient;
  claim: LedgerClaim;
  ledger: Ledger;
  assetList: AssetList;
  report: Report;
  check: CheckRecord;
  /** SHA-256 that generated names of this content carry. */
  nameHash: string;
  /** Registrations of this run that were sent under an earlier claim and may have taken effect. */
  late: readonly LateRegistration[];
  options: Pick<SubmitOptions, "signal" | "onNote" | "recovery" | "maxRegistrationsPerMinute">;
}

/** A registration that was sent and whose lease was lost before it could be recorded. */
export interface LateRegistration {
  /** The URL that was registered; it is this upload's own, unless a user gave it. */
  url: string;
  /** Whether the URL is this upload's own. */
  own: boolean;
  /** The asset, if the service answered. */
  asset: Asset | null;
}

/** Attempts at one registration that were refused for the moment, or proved lost. */
export const maxAttempts = 6;

/** A registration is given up after this time: the lease must outlast it. */
export const registrationTimeoutInMilliseconds = 35_000;

const leaseMarginInMilliseconds = 5000;
const shortestLeaseInMilliseconds = 60_000;

export function recoveryTiming(recovery: Partial<RecoveryTiming> | undefined): RecoveryTiming {
  return { ...defaultRecovery, ...recovery };
}

/** How long the effect of a registration that is sent now can be outstanding, in milliseconds. */
export function registrationInMilliseconds(recovery: Partial<RecoveryTiming> | undefined): number {
  return registrationTimeoutInMilliseconds + graceInMilliseconds + recoveryTiming(recovery).settle;
}

/** Milliseconds of the lease under which registrations are sent. */
export function leaseInMilliseconds(recovery: Partial<RecoveryTiming> | undefined): number {
  return Math.max(
    shortestLeaseInMilliseconds,
    registrationInMilliseconds(recovery) + leaseMarginInMilliseconds,
  );
}
