/** What a file is for, as the service names it. */
export type Kind = "image" | "video" | "audio";

export interface FormatRow {
  /** Null: no media, or a kind that the bytes do not determine. */
  kind: Kind | null;
  mime: string;
  /** Its name for people, as in "WebM video, not mp4 or mov". */
  label: string;
  /** File name extensions that fit, the canonical one first. */
  extensions: readonly string[];
}

export const row = (kind: Kind | null, mime: string, label: string, ...extensions: string[]): FormatRow => ({
  kind,
  mime,
  label,
  extensions,
});

/** The formats that are parsed, among them some that no service accepts, so that a refusal can say what they are. */
export const readFormats = {
  jpeg: row("image", "image/jpeg", "JPEG image", "jpg", "jpeg", "jpe", "jfif"),
  png: row("image", "image/png", "PNG image", "png", "apng"),
  webp: row("image", "image/webp", "WebP image", "webp"),
  bmp: row("image", "image/bmp", "BMP image", "bmp", "dib"),
  tiff: row("image", "image/tiff", "TIFF image", "tif", "tiff"),
  gif: row("image", "image/gif", "GIF image", "gif"),
  heic: row("image", "image/heic", "HEIC image", "heic", "heif", "hif", "heics"),
  heif: row("image", "image/heif", "HEIF image", "heif", "heic", "hif", "heifs"),
  mp4: row("video", "video/mp4", "MP4 video", "mp4", "m4v", "f4v"),
  mov: row("video", "video/quicktime", "QuickTime (MOV) video", "mov", "qt"),
  wav: row("audio", "audio/wav", "WAV audio", "wav", "wave"),
  mp3: row("audio", "audio/mpeg", "MP3 audio", "mp3"),
  // Audio-only MP4 and the mobile formats derived from MP4: read so that a refusal can name them.
  m4a: row("audio", "audio/mp4", "MP4 or MOV file with audio only", "m4a", "m4b", "m4p", "mp4", "mov"),
  "3gp": row("video", "video/3gpp", "3GP video", "3gp", "3gpp"),
  "3g2": row("video", "video/3gpp2", "3G2 video", "3g2", "3gp2"),
} as const satisfies Record<string, FormatRow>;
