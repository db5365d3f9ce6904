/** Providers whose CORS settings are written in their own way. */
export const corsProviders = ["aws", "r2", "gcs"] as const;
export type CorsProvider = (typeof corsProviders)[number];

/** Headers that a page sends with a signed upload, besides those that need no permission. */
export const pageHeaders = ["content-type", "x-amz-checksum-sha256"] as const;

const maxAgeInSeconds = 3600;

/**
 * CORS settings that let pages of these origins send signed uploads, as the provider takes them: Amazon S3's
 * put-bucket-cors, the JSON of R2's dashboard, gcloud's --cors-file (their documentation, read 2026-11-29).
 */
export function corsSettings(provider: CorsProvider, origins: readonly string[]): unknown {
  if (provider === "gcs")
    return [
      {
        origin: origins,
        method: ["PUT"],
        // Allowed in requests, and exposed in answers.
        responseHeader: ["Content-Type", "ETag"],
        maxAgeSeconds: maxAgeInSeconds,
      },
    ];
  const rules = [
    {
      AllowedOrigins: origins,
      AllowedMethods: ["PUT"],
      AllowedHeaders: pageHeaders,
      // Each part's ETag is needed to put the object together.
      ExposeHeaders: ["ETag"],
      MaxAgeSeconds: maxAgeInSeconds,
    },
  ];
  return provider === "aws" ? { CORSRules: rules } : rules;
}

/** How the settings are applied. */
export function corsCommand(provider: CorsProvider, bucket: string): string {
  if (provider === "gcs") return `gcloud storage buckets update gs://${bucket} --cors-file=cors.json`;
  if (provider === "aws")
    return `aws s3api put-bucket-cors --bucket ${bucket} --cors-configuration file://cors.json`;
  return `in R2's dashboard: ${bucket}, Settings, CORS policy, Edit, JSON`;
}
