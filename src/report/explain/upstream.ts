import type { UpstreamExplanation } from "./explanation.ts";

const row = (rule: string | null, meaning: string, cause: string, cure: string): UpstreamExplanation => ({
  rule,
  meaning,
  cause,
  cure,
});

const limitChanged =
  "A local rule should have caught it. If the file passed, the service's limit has changed.";
const moderation = "Moderation happens on the server; no local check can predict it.";
const account = "It concerns the server or the account, not the file.";

const outside = (rule: string, what: string, cure: string) => row(rule, what, limitChanged, cure);
const moderated = (what: string) =>
  row(null, what, moderation, "Use other material, or appeal to the service with the request id.");

const parameter = (name: string) =>
  row(
    null,
    `The request's ${name} is missing, or the service does not accept its value.`,
    "It concerns the request, not the file.",
    `Correct the ${name}: the service's message says what it accepts.`,
  );

/** Codes of the upstream service, without "InvalidParameter.". They arrive with HTTP 400 or on an asset whose status is Failed. */
export const upstream: Readonly<Record<string, UpstreamExplanation>> = {
  TypeMismatch: outside("type", "The file is not of the declared type.", "Declare the file's own kind."),
  FormatUnsupported: outside("format", "The service does not accept the file's format.", "Convert the file."),
  FormatUndetectable: outside(
    "format",
    "The service cannot detect the file's format.",
    "Convert the file, and check that it is complete.",
  ),
  FileSizeTooLarge: outside("size", "The file has too many bytes.", "Compress the file."),
  DurationTooShort: outside("duration", "The clip is too short.", "Make it longer."),
  DurationTooLong: outside("duration", "The clip is too long.", "Trim it."),
  WidthTooSmall: outside("width", "The picture is too narrow.", "Scale it up."),
  WidthTooLarge: outside("width", "The picture is too wide.", "Scale it down."),
  HeightTooSmall: outside("height", "The picture is not tall enough.", "Scale it up."),
  HeightTooLarge: outside("height", "The picture is too tall.", "Scale it down."),
  AspectRatioTooSmall: outside("aspect-ratio", "The picture is too tall for its width.", "Pad or crop it."),
  AspectRatioTooLarge: outside("aspect-ratio", "The picture is too wide for its height.", "Pad or crop it."),
  PixelCountTooSmall: outside("pixels", "Width times height is too small.", "Scale it up."),
  PixelCountTooLarge: outside("pixels", "Width times height is too large.", "Scale it down."),
  FpsTooLow: outside("frame-rate", "The video has too few frames per second.", "Re-encode at a higher rate."),
  FpsTooHigh: outside(
    "frame-rate",
    "The video has too many frames per second.",
    "Re-encode at a lower rate.",
  ),
  Name: row(
    null,
    "The asset's name is not accepted.",
    "A name has at most 64 characters.",
    "Give a shorter name.",
  ),
  TranscodingFailed: row(
    "integrity",
    "The service could not decode the file.",
    "Partly detected locally: a truncated file fails integrity, an unusual codec is a note. Only --decode finds damage inside the pictures.",
    "Re-encode as H.264 with AAC.",
  ),
  DownloadFailed: row(
    "not-found",
    "The service could not fetch the URL.",
    "Partly detected locally: the URL must answer a plain GET with the bytes.",
    "Check the URL. The URL of an upload is temporary: push again.",
  ),
  ContentRestricted: moderated("The content is restricted."),
  InputTextSensitiveContentDetected: moderated("The service considers the prompt sensitive."),
  InputImageSensitiveContentDetected: moderated("The service considers the image sensitive."),
  InputVideoSensitiveContentDetected: moderated("The service considers the video sensitive."),
  InputAudioSensitiveContentDetected: moderated("The service considers the audio sensitive."),
  PrivacyInformation: moderated("Personal information or a real person was detected in the content."),
  PolicyViolation: moderated("The content violates the service's policy."),
  "1039": moderated("The service refused the content of a generation (a prediction's numeric error_code)."),
  FaceMismatch: moderated("A face does not match the authorised person."),
  ModerationServiceErrorUploadFailed: row(
    null,
    "The moderation service failed.",
    account,
    "Register the asset again later.",
  ),
  Type: parameter("type"),
  Url: parameter("url"),
  Model: parameter("model"),
  InternalError: row(null, "The service failed.", account, "Try again later."),
  QuotaExceeded: row(null, "The account's quota is used up.", account, "Wait, or raise the quota."),
  RequestLimitExceeded: row(null, "Too many requests.", account, "Wait, or use fewer jobs at a time."),
  SubscriptionRequired: row(null, "The account's plan does not include this.", account, "Change the plan."),
  ModelNotOpen: row(null, "The model is not activated for the account.", account, "Activate the model."),
  NotFound: row(
    null,
    "The resource that the request names does not exist.",
    account,
    "Check the id, the model and the host.",
  ),
};

/**
 * Explains an upstream code in any of its forms: `InvalidParameter.FpsTooLow`, `FpsTooLow`,
 * `InputVideoSensitiveContentDetected.PrivacyInformation`, `NotFound.AssetId`; any case.
 */
export function explainUpstream(code: string): (UpstreamExplanation & { code: string }) | null {
  const parts = code
    .trim()
    .split(".")
    .filter((part) => !/^invalidparameter$/i.test(part));
  for (const part of parts) {
    const known = Object.keys(upstream).find((key) => key.toLowerCase() === part.toLowerCase());
    const found = known === undefined ? undefined : upstream[known];
    if (known !== undefined && found) return { code: known, ...found };
  }
  return null;
}
