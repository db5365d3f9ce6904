import { formats } from "./formats.ts";
import type { Others } from "./readers.ts";
import { sniffOthers } from "./sniff/others.ts";

/** What tells MP3 and the formats that are not read, and names them: most files never need it. */
export const others: Others = { sniff: sniffOthers, formats };
