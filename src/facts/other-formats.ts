import { formats } from "./formats.ts";
import type { OtherFormats } from "./parsers.ts";
import { sniffOtherFormats } from "./sniff/other-formats.ts";

/** What tells MP3 and the formats that are not read, and names them: most files never need it. */
export const others: OtherFormats = { sniff: sniffOtherFormats, formats };
