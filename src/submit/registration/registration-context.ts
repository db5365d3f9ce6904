import { graceInMilliseconds } from "../../async/grace.ts";
import type { Asset, AtlasClient } from "../../atlas/types.ts";
import type { Ledger, LedgerClaim } from "../../ledger/ledger.ts";
import type { Report } from "../../report/report.ts";
import type { SubmitOptions } from "../options.ts";
import type { AssetList } from "./asset-list.ts";
import type { CheckRecord } from "./ledger-fields.ts";
import { defaultRecovery, type RecoveryTiming } from "./search-policy.ts";

/** What one file's registration needs. */
export interface RegistrationContext {
  atlas: AtlasClient;
  claim: LedgerClaim;
  ledger: Ledger;
  assetList: AssetList;
  report: Report;
  check: CheckRecord;
  /** SHA-256 whose beginning is in generated names of this content. */
  nameHash: string;
  /** Registrations of this run that were sent under an earlier claim and may have taken effect. */
  late: readonly LateRegistration[];
  options: Pick<SubmitOptions, "signal" | "onNote" | "recovery" | "maxRegistrationsPerMinute">;
}

/** A registration that was sent and whose lease was lost before it could be recorded. */
export interface LateRegistration {
  /** The URL that was registered: this upload's own, or one that a user gave. */
  url: string;
  isOwnUpload: boolean;
  /** The asset, if the service answered. */
  asset: Asset | null;
}

const defaultRegistrationTimeout = 35_000;

const leaseMarginInMilliseconds = 5000;
const shortestLeaseInMilliseconds = 60_000;

export function recoveryTiming(recovery: Partial<RecoveryTiming> | undefined): RecoveryTiming {
  return { ...defaultRecovery, ...recovery };
}

/** Milliseconds after which a registration counts as lost: the lease must outlast it. */
export function registrationTimeout({ registrationTimeout: ofClient }: AtlasClient): number {
  return ofClient ?? defaultRegistrationTimeout;
}

/** Milliseconds within which a registration that is sent now takes effect, or never does. */
export function registrationInMilliseconds({
  atlas,
  recovery,
}: Pick<SubmitOptions, "atlas" | "recovery">): number {
  return registrationTimeout(atlas) + graceInMilliseconds + recoveryTiming(recovery).afterRequest;
}

/** Milliseconds of the lease under which registrations are sent. */
export function leaseInMilliseconds(options: Pick<SubmitOptions, "atlas" | "recovery">): number {
  return Math.max(
    shortestLeaseInMilliseconds,
    registrationInMilliseconds(options) + leaseMarginInMilliseconds,
  );
}
