import { MediaPreflightError } from "../errors.ts";
import { blockingFindings, isAccepted, messageWithHint } from "../report/blocking.ts";
import type { Report } from "../report/report.ts";
import type { PreflightOptions } from "./preflight.ts";

/**
 * A media validator in the form of Standard Schema v1 (standardschema.dev): form libraries take it as it is. The
 * interface is written out, as its authors offer, so that no package is needed for the types.
 */
export interface MediaSchema<Input> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: "media-preflight";
    readonly validate: (
      value: unknown,
    ) => Promise<
      | { readonly value: Input; readonly issues?: undefined }
      | { readonly issues: readonly { readonly message: string }[] }
    >;
    readonly types?: { readonly input: Input; readonly output: Input } | undefined;
  };
}

/** `mediaSchema` of one platform; `mediaSchema<File | null>()` where a form's field is of that type. */
export type MakeMediaSchema<Input> = <Value extends Input | null | undefined = Input>(
  options?: PreflightOptions,
) => MediaSchema<Value>;

/**
 * Makes `mediaSchema` over a platform's preflight. What passes comes out as it went in; each finding that blocks
 * is an issue whose message says what is wrong and what to do.
 */
export function createMediaSchema<Input>(
  preflight: (input: Input, options?: PreflightOptions) => Promise<Report>,
): MakeMediaSchema<Input> {
  return <Value extends Input | null | undefined = Input>(
    options: PreflightOptions = {},
  ): MediaSchema<Value> => ({
    "~standard": {
      version: 1,
      vendor: "media-preflight",
      async validate(value) {
        const report = await preflight(value as Input, options).catch(noFile);
        if ("issues" in report) return report;
        if (isAccepted(report, options.acceptUnsure)) return { value: value as Value };
        return {
          issues: blockingFindings(report).map((finding) => ({ message: messageWithHint(finding) })),
        };
      },
    },
  });
}

/** A form sent without a file holds null or an empty text: an issue, as whatever a validator is given. */
function noFile(error: unknown): { issues: { message: string }[] } {
  if (error instanceof MediaPreflightError && ["usage", "not-found", "unreadable"].includes(error.code))
    return { issues: [{ message: error.message }] };
  throw error;
}
