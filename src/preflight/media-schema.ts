import { MediaPreflightError } from "../errors.ts";
import { blockingFindings, isAccepted, messageWithHint } from "../report/blocking.ts";
import type { Report } from "../report/report.ts";
import type { PreflightOptions } from "./preflight.ts";

/**
 * A media validator that implements Standard Schema v1 (standardschema.dev), which form libraries accept. The interface
 * is copied, as its authors suggest, so that no package is needed for the types.
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

/** `mediaSchema` of one platform; `mediaSchema<File | null>()` for a form field of that type. */
export type MakeMediaSchema<Input> = <Value extends Input | null | undefined = Input>(
  options?: PreflightOptions,
) => MediaSchema<Value>;

/**
 * Makes `mediaSchema` over a platform's preflight. A file that passes is returned unchanged; each blocking finding is an
 * issue, whose message is the finding's with its hint.
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
        const report = await preflight(value as Input, options).catch(inputIssue);
        if ("issues" in report) return report;
        if (isAccepted(report, options.acceptUnsure)) return { value: value as Value };
        return {
          issues: blockingFindings(report).map((finding) => ({ message: messageWithHint(finding) })),
        };
      },
    },
  });
}

/** Not an input, such as the null or empty string of a form without a file: an issue, not an exception. */
function inputIssue(error: unknown): { issues: { message: string }[] } {
  if (error instanceof MediaPreflightError && ["usage", "not-found", "unreadable"].includes(error.code))
    return { issues: [{ message: error.message }] };
  throw error;
}
