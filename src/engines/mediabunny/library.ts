import { MediaPreflightError } from "../../errors.ts";

/*
 * mediabunny and its encoders are optional (MPL-2.0): users who fix videos in pages install them, and their bundler
 * includes them. Each import() is inside a try, by which bundlers know that it may be missing.
 */

export type Mediabunny = typeof import("mediabunny");

/** @throws MediaPreflightError `no-engine` if it is not installed */
export async function loadMediabunny(): Promise<Mediabunny> {
  try {
    return await import("mediabunny");
  } catch (cause) {
    throw new MediaPreflightError(
      "no-engine",
      "mediabunny, which converts video and audio in pages, is missing",
      {
        cause,
        hint: "npm install mediabunny @mediabunny/aac-encoder @mediabunny/mp3-encoder",
      },
    );
  }
}

/** Makes sure that an audio codec can be encoded; false if neither the browser nor an installed encoder can. */
export async function ensureAudioEncoder(library: Mediabunny, codec: "aac" | "mp3"): Promise<boolean> {
  if (await canEncode(library, codec)) return true;
  try {
    if (codec === "aac") (await import("@mediabunny/aac-encoder")).registerAacEncoder();
    else (await import("@mediabunny/mp3-encoder")).registerMp3Encoder();
  } catch {
    return false;
  }
  return canEncode(library, codec);
}

async function canEncode({ canEncodeAudio }: Mediabunny, codec: "aac" | "mp3"): Promise<boolean> {
  try {
    return await canEncodeAudio(codec);
  } catch {
    return false; // some browsers throw where they should answer no
  }
}

/** Whether this browser encodes HEVC with 10 bits per sample. */
export async function canEncodeHevc(): Promise<boolean> {
  try {
    // Main 10 profile, level 4: ISO/IEC 14496-15, annex E.
    const config = { codec: "hvc1.2.4.L120.B0", width: 1280, height: 720 };
    return (await VideoEncoder.isConfigSupported(config)).supported === true;
  } catch {
    return false;
  }
}
