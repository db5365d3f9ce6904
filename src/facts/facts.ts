/** What a file is, as in the JSON report (schemaVersion 1). Null: absent or unknown. */
export interface Facts {
  /** As detected from the bytes: "png", "mp4", … (a key of `formats`). */
  format: string | null;
  /** Media type: "image/png". */
  mime: string | null;
  /** File size in bytes. */
  bytes: number | null;
  /** Display pixels: orientation, clean aperture and pixel aspect ratio applied. */
  width: number | null;
  height: number | null;
  /** Pixels after cropping, before pixel aspect and orientation. */
  codedWidth: number | null;
  codedHeight: number | null;
  /** Clockwise rotation for display, in degrees: 0, 90, 180, 270. */
  rotation: number | null;
  pixelAspectRatio: number | null;
  /** Display width over display height. */
  aspectRatio: number | null;
  /** Display width times display height. */
  pixels: number | null;
  /** Tier of a video's size: "480p", "720p"; set by the rules, null outside their window. */
  resolution: string | null;
  /** Seconds, as presented. */
  duration: number | null;
  /** Average frames per second. */
  frameRate: number | null;
  frameRateMode: "constant" | "variable" | null;
  /** h264, hevc, av1, vp9, mpeg4, prores, mjpeg, …; else the four-character code. */
  videoCodec: string | null;
  /** aac, mp3, pcm, adpcm, opus, ac3, alac, flac, ulaw, alaw, …; else the code as stored. */
  audioCodec: string | null;
  /** Hz */
  sampleRate: number | null;
  channels: number | null;
  /** How the picture is sampled: "4:2:0", "4:2:2", "4:4:4", "4:0:0". */
  chroma: string | null;
  /** Bits per sample of the picture. */
  bitDepth: number | null;
  /** Whether frames are made of two fields; null: the headers do not say. */
  interlaced: boolean | null;
  /** AAC: LC, HE-AAC, HE-AACv2, xHE-AAC, Main; null: the headers do not say. */
  audioProfile: string | null;
  /** MP4 and MOV: the index (moov) is before the media data, so that it plays while it loads. */
  fastStart: boolean | null;
  /** MP4 and MOV: an edit list trims, delays or repeats what is shown or heard. Removing an encoder's padding does not count. */
  editList: boolean | null;
  /** Video samples, or pictures of an animation; 1 for a still. */
  frames: number | null;
  /** Whether the video or audio shown is encrypted (Common Encryption, FairPlay); null: the format has no encryption. */
  encrypted: boolean | null;
  /** Whether bytes that the headers promise are missing. */
  truncated: boolean | null;
}

/** No fact known. */
export const noFacts: Readonly<Facts> = {
  format: null,
  mime: null,
  bytes: null,
  width: null,
  height: null,
  codedWidth: null,
  codedHeight: null,
  rotation: null,
  pixelAspectRatio: null,
  aspectRatio: null,
  pixels: null,
  resolution: null,
  duration: null,
  frameRate: null,
  frameRateMode: null,
  videoCodec: null,
  audioCodec: null,
  sampleRate: null,
  channels: null,
  chroma: null,
  bitDepth: null,
  interlaced: null,
  audioProfile: null,
  fastStart: null,
  editList: null,
  frames: null,
  encrypted: null,
  truncated: null,
};
