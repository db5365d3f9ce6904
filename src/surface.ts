/** What index.ts and browser.ts share, so that their names cannot drift apart. */

export type { AtlasClientOptions } from "./atlas/client.ts";
export { AtlasError } from "./atlas/error.ts";
export type {
  Asset,
  AssetFilter,
  AssetStatus,
  AssetType,
  AtlasClient,
  CallOptions,
  GenerateBody,
  GenerateOptions,
  Prediction,
  Progress,
  Upload,
  UploadOptions,
  WaitOptions,
} from "./atlas/types.ts";
export { type ErrorCode, type ErrorDetails, MediaPreflightError } from "./errors.ts";
export { type Budgets, defaultBudgets } from "./facts/budget.ts";
export type { Damage, Facts, Origin, Reading, SizeReading, Unread } from "./facts/evidence.ts";
export { type Format, formats, type Kind } from "./facts/formats.ts";
export type { WitnessPolicy } from "./facts/witness/wanted.ts";
export { createServerClient } from "./pipeline/by-server/client.ts";
export type { ServerClientOptions } from "./pipeline/by-server/options.ts";
export type { LedgerStore } from "./pipeline/ledger/claims.ts";
export type { Entry, EntryKey, Owner, Step } from "./pipeline/ledger/entry.ts";
export type { Claim, ClaimOptions, Ledger } from "./pipeline/ledger/ledger.ts";
export type { Inspection, InspectOptions, PreflightOptions } from "./pipeline/preflight.ts";
export type { Plan, PushEvent, PushFile, PushOptions, PushSummary } from "./pipeline/push-options.ts";
export type { Overall } from "./pipeline/push-progress.ts";
export type {
  AssetReference,
  JudgedReference,
  Reference,
  ReferenceRequest,
  ReferencesReport,
} from "./pipeline/references.ts";
export type { MediaSchema } from "./pipeline/standard-schema.ts";
export { SubmitError } from "./pipeline/submit-error.ts";
export type { Again, SubmitOptions, SubmittedAsset } from "./pipeline/submit-options.ts";
export { gateOpens } from "./report/build.ts";
export type { Description } from "./report/describe.ts";
export { en, type Messages } from "./report/messages/en.ts";
export { type Locale, loadMessages } from "./report/messages/locales.ts";
export { describeFinding } from "./report/render.ts";
export type { AppliedLimit, Finding, Reason, Report, Verdict } from "./report/report.ts";
export type { SetRules, Table, TypeRules } from "./rules/schema.ts";
