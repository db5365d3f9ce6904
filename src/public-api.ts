/** What index.ts and browser.ts share, so that their names stay the same. */

export type { Backoff } from "./async/backoff.ts";
export type { RateLimit } from "./async/rate-limit.ts";
export { Stopwatch } from "./async/stopwatch.ts";
export type { ApiKey } from "./atlas/api-key.ts";
export type { AssetIdField } from "./atlas/assets/asset-answer.ts";
export type { AtlasClientOptions } from "./atlas/client.ts";
export { AtlasError, type AtlasErrorDetails, type Host, isAtlasError } from "./atlas/error.ts";
export type { ServicePause } from "./atlas/http/host-gate.ts";
export type { RetryPolicy } from "./atlas/http/retry.ts";
export type {
  Asset,
  AssetFilter,
  AssetStatus,
  AssetType,
  AtlasClient,
  CallOptions,
  ClientEvent,
  GenerateBody,
  GenerateOptions,
  Prediction,
  Progress,
  Upload,
  UploadOptions,
  WaitOptions,
} from "./atlas/types.ts";
export type { OpenFile } from "./atlas/uploads/upload.ts";
export type { ByteSource } from "./bytes/source.ts";
export type {
  AudioCodec,
  AudioEncoding,
  AudioJob,
  AudioTrackJob,
  ImageEncoding,
  ImageFormat,
  ImageJob,
  Job,
  PictureChange,
  Rect,
  Size,
  Timed,
  VideoCodec,
  VideoEncoding,
  VideoJob,
} from "./engines/job.ts";
export type {
  AudioTrackDetails,
  MediaDetails,
  OtherTrackDetails,
  Rational,
  Transfer,
  VideoTrackDetails,
} from "./engines/media-details.ts";
export {
  type ErrorCode,
  type ErrorDetails,
  type ErrorJson,
  isMediaPreflightError,
  MediaPreflightError,
} from "./errors.ts";
export { type Budgets, defaultBudgets } from "./facts/budget.ts";
export type { CrossCheckPolicy } from "./facts/cross-check/policy.ts";
export type { Damage, Origin, Reading, SizeReading, Unread } from "./facts/evidence.ts";
export type { Facts } from "./facts/facts.ts";
export { type Format, formats, type Kind } from "./facts/formats.ts";
export type { BrowserFixOptions } from "./fix/fix.browser.ts";
export type { EmbeddedData, StatedColors } from "./fix/metadata/embedded-data.ts";
export type { FixOptions, FixResult } from "./fix/options.ts";
export type {
  Attempt,
  Cannot,
  CannotCode,
  EngineTraits,
  FixChoices,
  FixPlan,
  FixStep,
  Loss,
  LossKind,
  PlanContext,
  TargetFacts,
} from "./fix/plan/types.ts";
export type { EntryProgress, LedgerEntry, LedgerKey, Step, Subject } from "./ledger/entry.ts";
export {
  type ClaimOptions,
  type EntriesOptions,
  type EntryTime,
  type KnownAsset,
  LeaseLost,
  type Ledger,
  type LedgerClaim,
  type StepToRecord,
} from "./ledger/ledger.ts";
export type {
  EntryWrite,
  Lease,
  LeaseAnswer,
  LeaseRequest,
  LedgerStore,
  WriteAnswer,
} from "./ledger/store.ts";
export type { UrlSubject } from "./ledger/url-subject.ts";
export type { CrossCheckOptions } from "./preflight/cross-check-options.ts";
export type { BinaryInput, MediaInput } from "./preflight/inputs/open-input.ts";
export type { StreamInput } from "./preflight/inputs/stream-input.ts";
export type { MakeMediaSchema, MediaSchema } from "./preflight/media-schema.ts";
export type { Inspection, InspectOptions, Preflight, PreflightOptions } from "./preflight/preflight.ts";
export type {
  PreflightAll,
  PreflightAllOptions,
  PreflightResult,
  UncheckedInput,
} from "./preflight/preflight-all.ts";
export type {
  AssetReference,
  CheckedReference,
  PreflightReferences,
  Reference,
  ReferenceRequest,
  ReferencesReport,
} from "./preflight/references.ts";
export type {
  PlannedUpload,
  PushEstimate,
  PushEvent,
  PushFile,
  PushOptions,
  PushPlan,
  PushSummary,
} from "./push/options.ts";
export type { PushTotals } from "./push/progress.ts";
export { blockingFindings, isAccepted } from "./report/blocking.ts";
export type { FindingText } from "./report/describe/describe.ts";
export type { Messages } from "./report/messages/en.ts";
export { type Locale, loadMessages } from "./report/messages/locales.ts";
export { type Description, describeFinding } from "./report/render.ts";
export type {
  AppliedLimit,
  BlockingFinding,
  DamagedFinding,
  Finding,
  FindingBase,
  LimitFinding,
  PassingFinding,
  ReadingFinding,
  Reason,
  Report,
  UnreadFinding,
  Verdict,
} from "./report/report.ts";
export type { Text, TextValue } from "./report/text.ts";
export { defineTable } from "./rules/define-table.ts";
export type { Limit } from "./rules/limit.ts";
export type { Unit } from "./rules/properties.ts";
export type { SetRules, Table, TypeRules } from "./rules/schema.ts";
export type { BuiltInTable } from "./rules/tables.ts";
export { createServerClient } from "./server-client/client.ts";
export type { ServerClientOptions } from "./server-client/options.ts";
export type {
  PartUploads,
  PresignOptions,
  PutOptions,
  SignedAddress,
  SignedRequest,
  Storage,
  StorageCallOptions,
  StoredObject,
  StoredPart,
} from "./storage/storage.ts";
export type { RetryChoice, SubmitOptions, SubmittedAsset } from "./submit/options.ts";
export type { RecoveryTiming } from "./submit/registration/search-policy.ts";
export { isSubmitError, SubmitError, type SubmitErrorDetails } from "./submit/submit-error.ts";
