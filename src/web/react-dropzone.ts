import type { FileError } from "react-dropzone";
import { browserPreflight } from "../preflight/preflight.browser.ts";
import type { PreflightOptions } from "../preflight/preflight.ts";
import { blockingFindings, isAccepted, messageWithHint } from "../report/blocking.ts";
import type { Report } from "../report/report.ts";

/** One error for each finding that blocks. */
export interface MediaFileError extends FileError {
  /** The finding's rule id, for instance "video/duration"; "unreadable" if the file could not be read. */
  code: string;
}

/** Options of `preflight`, and a callback for the reports. */
export interface MediaValidatorOptions extends Omit<PreflightOptions, "name"> {
  /** Called with every file and its report, also if it passes. */
  onReport?: ((file: File, report: Report) => void) | undefined;
}

/**
 * A validator for react-dropzone: `useDropzone({ validator: mediaValidator({ type: "video" }) })`. Create it once, outside
 * of the component. It returns a promise, which needs react-dropzone 20; `isProcessing` is true meanwhile.
 */
export function mediaValidator(
  options: MediaValidatorOptions = {},
): (file: File) => Promise<MediaFileError[] | null> {
  const { onReport, ...preflightOptions } = options;
  return async (file) => {
    try {
      const report = await browserPreflight.preflight(file, preflightOptions);
      onReport?.(file, report);
      if (isAccepted(report, options.acceptUnsure)) return null;
      return blockingFindings(report).map((finding) => ({
        code: finding.rule,
        message: messageWithHint(finding),
      }));
    } catch (error) {
      // A file that could not be read has not passed.
      return [{ code: "unreadable", message: error instanceof Error ? error.message : String(error) }];
    }
  };
}
