import { formats } from "./formats.ts";
import type { OtherFormats } from "./parsers.ts";
import { sniffOtherFormats } from "./sniff/other-formats.ts";
import { explainUnknown } from "./unknown-bytes.ts";

/** Detects MP3 and the formats that are only named. Most files do not need it. */
export const others: OtherFormats = { sniff: sniffOtherFormats, explainUnknown, formats };
