/** Containers that a video is written to, the preferred one first. */
export const containers = ["mp4", "mov"] as const;
export type Container = (typeof containers)[number];

/** Codecs that can be copied into a container, and that players expect in it. */
export const copyable: Readonly<Record<Container, { video: readonly string[]; audio: readonly string[] }>> = {
  mp4: {
    video: ["h264", "hevc", "av1", "mpeg4", "vp9"],
    audio: ["aac", "mp3", "ac3", "eac3", "alac", "opus", "flac"],
  },
  mov: {
    video: ["h264", "hevc", "mpeg4", "prores", "mjpeg", "dnxhd", "png", "qtrle"],
    audio: ["aac", "mp3", "ac3", "eac3", "alac", "pcm"],
  },
};
